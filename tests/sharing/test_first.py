from access.categories import Category
from access.reading import sights


def sees(cast, username, person):
    return set(sights(cast.who(username), [person.pk])[person.pk].answer.visible)


def test_the_lead_sees_and_the_colleague_only_has_the_card(cast):
    case = cast.open_case()
    assert Category.HOUSING in sees(cast, "lead-worker", case.person)
    assert sees(cast, "colleague", case.person) == {Category.POINTER}
    assert sees(cast, "outsider", case.person) == set()
