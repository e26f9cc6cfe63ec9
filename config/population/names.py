"""Names for people who do not exist, put together at random; a few family names are common."""

from __future__ import annotations

_GIVEN = """
Aaron Abena Adam Aisha Alfie Amara Amina Andre Anton Ayo Bella Blessing Caleb Carla Chloe
Chris Dami Daniel Daria Dev Diana Dylan Ebony Elijah Ella Emeka Eva Faith Farid Femi Finn
Fola Gabriel George Gloria Hana Hassan Henry Holly Idris Imani Isla Ivan Jade James Jamal
Jasmin Joel Joy Kai Karim Keira Kemi Khalid Kofi Kyra Lara Layla Leo Lewis Lily Lola Luca
Maya Malik Maria Mason Mia Mina Musa Nadia Naomi Nia Nina Noah Ola Oscar Owen Paula Priya
Rafael Rania Rosa Ruby Sami Sara Seb Selin Shay Sol Tara Theo Tobi Uche Vera Victor Wale
Yara Yemi Zain Zara Zeke
"""

_FAMILY = """
Khan Smith Begum Williams Ahmed Brown Ali Jones Patel Johnson
Abara Adler Agyei Akhtar Almeida Amin Archer Asare Ashby Atkins Aydin Baker Balogun Barnes
Baxter Bello Bennett Bhatt Bishop Boateng Booth Brooks Burke Byrne Carter Chan Charles Cruz
Dalton Danso Davies Diallo Dias Dogan Douglas Dunn Eze Farah Fisher Fofana Forde Gallo Garcia
Gibson Gomes Graham Green Hale Harris Hassan Hayes Holt Hughes Ibekwe Iqbal Isa Jackson Jallow
James Joseph Kaya Keane Kelly King Koroma Kumar Lane Lawal Lewis Lopez Mahmood Malik Marsh
Martin Mehta Miah Mills Moore Morris Musa Nash Ncube Ng Nunes Obi Odell Oduya Okoye Osman
Owens Palmer Park Perry Pinto Quaye Quinn Rahim Ray Reid Rossi Sabo Salim Santos Shah Silva
Singh Sow Stone Sule Tahir Taylor Tella Thomas Turay Umar Usman Vaz Walsh Ward Watson West
White Wood Wright Yeboah Yildiz Young Zaman
"""
GIVEN, FAMILY = _GIVEN.split(), _FAMILY.split()
"""Of the family names the first ten are borne by a quarter."""

COMMON = 10
