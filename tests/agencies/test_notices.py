"""Notices: one's own, without saying what about whom."""

from agencies.models import Notice
from agencies.models.notice import NoticeKind


def notice_for(user, **said) -> Notice:
    return Notice.objects.create(
        user=user, kind=NoticeKind.TASK_SET, path="/tasking/", effect_key=f"{user.pk}", **said
    )


def test_one_sees_ones_own_and_nobody_elses(world, sign_in):
    world.hat("ann")
    notice_for(world.user("ann"))
    world.hat("bea")
    assert "You have a new task" in sign_in("ann").get("/notices/").content.decode()
    page = sign_in("bea").get("/notices/").content.decode()
    assert "You have a new task" not in page
    assert "Nothing waits for you" in page


def test_opening_one_marks_it_and_leads_on(world, sign_in):
    world.hat()
    notice = notice_for(world.user())
    client = sign_in()
    assert client.get(f"/notices/{notice.pk}/").status_code == 405
    assert client.post(f"/notices/{notice.pk}/").url == "/tasking/"
    notice.refresh_from_db()
    assert notice.seen_at is not None


def test_opening_anothers_is_like_opening_none(world, sign_in):
    world.hat("bea")
    notice = notice_for(world.user("ann"))
    assert sign_in("bea").post(f"/notices/{notice.pk}/").status_code == 404
    notice.refresh_from_db()
    assert notice.seen_at is None
