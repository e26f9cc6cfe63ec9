"""The other young people of the demo: all invented, as varied as London.

One line each: given name, family name, what they are called, pronouns, age, self-described
ethnicity (NHS 2001 code, empty when they were not asked), borough (ONS code), languages.
"""

from __future__ import annotations

from dataclasses import dataclass

_LINES = """
Aisha|Begum-Rahman||she/her|17|A3|E09000030|English, Sylheti
Ethan|Cole|Eth|he/him|21|W1|E09000022|English
Kwabena|Frimpong|KB|he/him|22|B2|E09000028|English, Twi
Shanice|Morgan|Shan|she/her|18|B1|E09000022|English
Reuben|Castillo||he/him|19|M9|E09000028|English, Spanish
Ifeoluwa|Adebayo|Ife|she/her|20|B2|E09000011|English, Yoruba
Connor|Brady||he/him|16|W2|E09000023|English
Tyrell|Haynes|Ty|he/him|23|M1|E09000022|English
Mariam|Sesay||she/her|15|B2|E09000028|English, Krio
Yusuf|Demirci||he/him|18|W9|E09000012|English, Turkish
Jayden|Okafor-Lee|Jay|he/him|17|M2|E09000023|English
Lucia|Ferreira||she/her|24|W9|E09000022|English, Portuguese
Hamza|Sheikh||he/him|20|A2|E09000025|English, Urdu
Keiran|Doyle|Kez|he/him|25|W1|E09000011|English
Abdirahman|Warsame|Abdi|he/him|19|B2|E09000014|English, Somali
Precious|Mukasa||she/her|16|B2|E09000028|English, Luganda
Dante|Lewis-Brown||he/him|21|B1|E09000022|English
Zofia|Kaminska|Zo|she/her|22|W9|E09000009|English, Polish
Mohammed|Chowdhury|Mo|he/him|17|A3|E09000030|English, Bengali
Callum|Whitfield||he/him|14|W1|E09000023|English
Nathaniel|Baptiste-Joseph|Nate|he/him|20|M1|E09000028|English, Kwéyòl
Esi|Appiah||she/her|19|B2|E09000022|English, Fante
Rahul|Menon||he/him|23|A1|E09000015|English, Malayalam
Leon|Gayle||he/him|18|B1|E09000022|English
Sofia|Marinescu||she/her|17|W9|E09000031|English, Romanian
Kadeem|Bryan|Kay|he/him|24|B1|E09000023|English
Bilal|Haidari||he/him|16|A9|E09000018|English, Dari
Amelie|Njoroge||she/her|21|M2|E09000028|English
Jamie|Poole||they/them|18|W1|E09000022|English
Emmanuel|Lukaku-Nzau|Manny|he/him|20|B2|E09000010|English, Lingala
Tariq|Benali||he/him|22|O2|E09000021|English, Arabic
Simone|Fraser||she/her|26|B1|E09000022|English
Oliver|Sykes|Olly|he/him|19|W1|E09000011|English
Khadija|Jama||she/her|17|B2|E09000005|English, Somali
Marcus|Antwi||he/him|18|B2|E09000028|English
Ryan|Tran||he/him|20|A9|E09000023|English, Vietnamese
Deshawn|Palmer||he/him|15|B1|E09000022|English
Elena|Petrova||she/her|23|W9|E09000012|English, Bulgarian
Isaac|Owusu-Ansah|Zac|he/him|17|B2|E09000028|English
Harvey|Lock||he/him|21|W1|E09000023|English
Samira|Ahmadi||she/her|19|A9|E09000018|English, Farsi
Joshua|Campbell-Reid|Josh|he/him|22|M1|E09000022|English
Tunde|Ogunleye||he/him|18|B2|E09000011|English, Yoruba
Megan|O’Shea|Meg|she/her|16|W2|E09000023|English
Andre|Da Costa||he/him|20|M9|E09000022|English, Portuguese
Farhan|Ali||he/him|24|A2|E09000025|English, Punjabi
Chidera|Nwosu|Chi|she/her|18|B2|E09000028|English, Igbo
Luke|Ashdown||he/him|13|W1|E09000023|English
Rochelle|Dacosta-Hill|Ro|she/her|21|M1|E09000022|English
Ibrahim|Kamara|Ib|he/him|19|B2|E09000028|English, Temne
Wei|Zhang||he/him|22|A4|E09000007|English, Mandarin
Tamika|Edwards||she/her|17|B1|E09000022|English
Jerome|St Hilaire||he/him|25|B1|E09000028|English
Arjun|Patel||he/him|18|A1|E09000015|English, Gujarati
Stefan|Novakovic||he/him|20|W9|E09000023|English, Serbian
Grace|Amoako||she/her|16|B2|E09000022|English
Kyle|Barrett||he/him|23|W1|E09000011|English
Nabil|El Amrani||he/him|19|O2|E09000020|English, Arabic
Jordan|Kelly-Thomas|JT|he/him|18|M1|E09000028|English
Fatmata|Conteh||she/her|20|B2|E09000022|English, Krio
Dean|Rigby||he/him|22|W1|E09000023|English
Michael|Asiedu||he/him|17||E09000028|English
Leila|Sabri||she/her|21|O9|E09000014|English, Kurdish
Corey|Nelson||he/him|18|B1|E09000022|English
Adam|Wieczorek||he/him|19|W9|E09000009|English, Polish
Tia|Hamilton||she/her|16|M1|E09000028|English
Omari|Joseph||he/him|27|B1|E09000022|English
Paris|Thompson||she/her|18||E09000023|English
Kareem|Mustapha|Reem|he/him|20|B2|E09000011|English, Hausa
Josephine|Tetteh|Jo|she/her|12|B2|E09000028|English
"""


@dataclass(frozen=True, slots=True)
class Somebody:
    """A young person of the demo, before anybody has written anything down."""

    given_name: str
    family_name: str
    known_as: str
    pronouns: str
    age: int
    ethnicity: str
    borough: str
    languages: tuple[str, ...]


def _read(line: str) -> Somebody:
    given, family, known_as, pronouns, age, ethnicity, borough, languages = line.split("|")
    return Somebody(
        given, family, known_as, pronouns, int(age), ethnicity, borough,
        tuple(languages.split(", ")),
    )  # fmt: skip


PEOPLE: tuple[Somebody, ...] = tuple(_read(line) for line in _LINES.strip().splitlines())
