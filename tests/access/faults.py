"""Faults that somebody could make, and the tests that have to catch each of them.

`python -m tests.access.faults [NAME …]` copies the project, makes one fault in the copy,
runs the tests that should go red, and reports; one after the other, on services of its
own. Exit status 1 when a fault survived.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "node_modules", ".state", "staticfiles", "__pycache__", ".*_cache"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One change of the code that would open what is closed, or let it go unseen."""

    name: str
    path: str
    right: str
    wrong: str
    caught_by: tuple[str, ...]

    def made_in(self, text: str) -> str:
        """The file with the fault. Raises ValueError when the place is not there once."""
        if text.count(self.right) != 1:
            raise ValueError(f"{self.name}: {text.count(self.right)} places in {self.path}")
        return text.replace(self.right, self.wrong)


RULE = "tests/access/test_rule.py"
SCOPE = "tests/access/test_scope.py"
WALL = "tests/access/test_second_wall.py"
NOTE = "tests/access/test_note.py"
LISTS = "tests/access/test_lists_in_database.py"
FAULTS = [
    Fault("expiry a moment late", "access/rule.py",
          "(ends is None or at < ends)", "(ends is None or at <= ends)", (RULE,)),
    Fault("a deactivated user goes on", "access/rule.py",
          "if not actor.user_active:", "if False:", (RULE,)),
    Fault("an agency that was closed goes on", "access/rule.py",
          "if not actor.agency_active:", "if False:", (RULE,)),
    Fault("a membership that ended goes on", "access/rule.py",
          "if not is_live(world.at, actor.starts, actor.ends):", "if False:", (RULE,)),
    Fault("bars are forgotten", "access/rule.py",
          "if actor.user in world.person.barred:", "if False:", (RULE,)),
    Fault("no agreement is needed", "access/rule.py",
          "if OPENINGS[basis].needs_agreement and not one_off:", "if False:", (RULE,)),
    Fault("a suspended agreement counts", "access/rule.py",
          "            and other in agreement.parties\n            and not agreement.suspended",
          "            and other in agreement.parties", (RULE,)),
    Fault("a restricted record opens to managers", "access/rule.py",
          "        return named\n    return (", "        pass\n    return (", (RULE,)),
    Fault("a manager gets the safe address", "access/rule.py",
          "        and fact.worker == world.actor.user\n        and Category.SAFE_ADDRESS",
          "        and Category.SAFE_ADDRESS", (RULE,)),
    Fault("colleagues of the named worker are taken for alike", "access/rule.py",
          "actor.user if named else None,", "None,", (RULE,)),
    Fault("who has left is taken for a colleague who stays", "access/rule.py",
          "        is_live(world.at, actor.starts, actor.ends),\n", "", (RULE,)),
    Fault("a step-up lasts for ever", "access/rule.py",
          "timedelta(0) <= at - since < STEP_UP", "timedelta(0) <= at - since", (RULE,)),
    Fault("a practitioner reads therapy notes", "access/roles.py",
          "Role.PRACTITIONER: EVERY - {Category.CLINICAL}", "Role.PRACTITIONER: EVERY", (RULE,)),
    Fault("a secondee carries everything home", "access/rule.py",
          "allowed &= _POINTER | _agreed(world, actor.agency, actor.home_agency)",
          "pass", (RULE,)),
    Fault("the scope forgets the agency", "sharing/rule_sql.py",
          "WHERE i.agency_id = {agency} AND i.starts",
          "WHERE (i.agency_id = {agency} OR true) AND i.starts", (SCOPE,)),
    Fault("the scope forgets bars", "sharing/rule_sql.py",
          "WHERE b.user_id = {asker} AND b.person_id",
          "WHERE false AND b.user_id = {asker} AND b.person_id", (SCOPE,)),
    Fault("a list forgets bars", "sharing/rule_sql.py",
          "          WHERE b.user_id = asker AND", "          WHERE false AND", (SCOPE,)),
    Fault("the scope lets an involvement last a moment too long", "sharing/rule_sql.py",
          "AND i.starts <= {at} AND (i.ends IS NULL OR i.ends > {at})",
          "AND i.starts <= {at} AND (i.ends IS NULL OR i.ends >= {at})", (SCOPE,)),
    Fault("a list lets whoever sees somebody write", "sharing/rule_sql.py",
          "WHEN manages THEN visible ELSE", "WHEN true THEN visible ELSE", (SCOPE,)),
    Fault("the database judges for whoever is named", "sharing/rule_sql.py",
          "    IF NOT wall_free() AND (\n", "    IF false AND (\n", (NOTE,)),
    Fault("a list reads what is hidden", "sharing/judged.py",
          "FROM seen WHERE visible & {to_bits(of)} <> 0) AS", "FROM seen) AS", (LISTS,)),
    Fault("a list holds more than it is asked for", "sharing/judged.py",
          "            WHERE one.place <= most\n", "", (LISTS,)),
    Fault("what agreements cover outlasts a change", "sharing/gathered.py",
          ", set_config('app.covered', '', true);", ";", (NOTE,)),
    Fault("what agreements cover outlasts its actor", "access/context.py",
          '        "app.covered": "",\n', "", (NOTE,)),
    Fault("a decision is kept", "access/reading.py",
          "    answers = scope().answers(actor, people)\n",
          "    answers = {p: _KEPT.setdefault((actor.user_id, p), a)"
          " for p, a in scope().answers(actor, people).items()}\n",
          ("tests/sharing/test_consent_withdraw.py", "tests/sharing/test_break_glass.py",
           "tests/access/test_four_way.py")),
    Fault("hidden is 403 and missing is 404", "agencies/middleware.py",
          'return render(request, "404.html", status=404)',
          'return render(request, "404.html", status=403)',
          ("tests/access/test_matrix.py",)),
    Fault("a search looks at everybody", "people/queries.py",
          "    found = YoungPerson.objects.of(sight_found(actor, asked).seen, Category.POINTER)\n",
          "    found = YoungPerson.rows.all()\n",
          ("tests/access/test_non_interference.py", "tests/architecture/test_managers.py")),
    Fault("a count counts everybody", "access/models.py",
          "        return self._plain().filter(condition)", "        return self._plain()",
          ("tests/tasking/test_task_actions.py",)),
    Fault("a record of the API is found by its key alone", "access/reading.py",
          "    if not seen.sees_some(categories(row)):\n        raise NotVisible\n    return row",
          "    return row",
          ("tests/api/test_interventions.py", "tests/api/test_goals.py")),
    Fault("a list of the API passes nothing over", "access/content.py",
          " AND ({model.bits}) & seen.visible <> 0 {beyond}", " {beyond}",
          ("tests/api/test_interventions.py", "tests/api/test_goals.py")),
    Fault("a register asks nobody who is auditable", "oversight/scope.py",
          "Q(person_id__isnull=False) & self.has(", "Q(person_id__isnull=False) | self.has(",
          ("tests/oversight/test_scope.py",)),
    Fault("a card forgets restrictions", "sharing/rule_sql.py",
          "{works} AND bool_and(NOT restricted) AND bool_or(basis NOT IN",
          "{works} AND bool_or(basis NOT IN", (SCOPE,)),
    Fault("one table has no wall", "sharing/wall.py",
          "and model._meta.managed:",
          'and model._meta.managed and model._meta.db_table != "casework_goal":', (WALL,)),
    Fault("nobody is somebody to the wall", "sharing/wall.py",
          "IN ('system', 'operator'), false)", "IN ('system', 'operator', 'public', ''), false)",
          (WALL,)),
    Fault("the wall forgets bars", "sharing/wall.py",
          "    IF wall_free() THEN\n        RETURN '{{}}';",
          "    IF true THEN\n        RETURN '{{}}';", (WALL,)),
    Fault("the wall forgets agreements", "sharing/wall.py",
          "coalesce(agreed, 0) <> 0\n        AND wall_agreed("
          "mine, leads, agreed, coalesce(graced, 0), moment);",
          "coalesce(agreed, 0) <> 0;", (SCOPE,)),
    Fault("a list believes its index", "sharing/rule_sql.py",
          "    FROM cut WHERE visible <> 0 OR card\n", "    FROM cut\n", (SCOPE,)),
    Fault("what is known of an actor outlasts a change", "access/context.py",
          "    if facts and _changes_facts(sql):\n", "    if False:\n",
          ("tests/access/test_context.py",)),
    Fault("the wall's note outlasts what it follows from", "sharing/gathered.py",
          "    PERFORM set_config('app.opened', '', true), set_config", "    PERFORM set_config",
          (NOTE,)),
    Fault("the wall's note outlasts its actor", "access/context.py",
          '        "app.opened": "",\n', "", (NOTE,)),
    Fault("the wall notes whoever is asked about", "sharing/gathered.py",
          "        FROM unnest(coalesce(sure, wall_opens",
          "        FROM unnest(coalesce(people, wall_opens", (NOTE,)),
    Fault("an agreement that was suspended opens the wall", "sharing/wall.py",
          "AND (s.ends IS NULL OR s.ends > moment))\n            OFFSET 0",
          "AND (s.ends IS NULL OR s.ends > moment) AND false)\n            OFFSET 0", (SCOPE,)),
    Fault("whom an agency leads is in a count whoever is barred", "sharing/candidates.py",
          "AND reach.person_id <> ALL (barred)\n            LIMIT most) AS carded);\n    IF",
          "LIMIT most) AS carded);\n    IF",
          ("tests/sharing/test_reach.py",)),
    Fault("who is restricted is in a count", "sharing/reach.py",
          "i.categories = 0 OR restricted.person_id IS NOT NULL", "i.categories = 0",
          ("tests/sharing/test_reach.py",)),
    Fault("a partner whose agreement is suspended is in a count", "sharing/candidates.py",
          "_AGREED = \"reach.carded_carries & agreed.carried <> 0\"", "_AGREED = \"true\"",
          ("tests/sharing/test_reach.py",)),
    Fault("a partner without an agreement is in a count", "sharing/reach.py",
          "WHEN i.basis NOT IN ({agreed}, 'record') THEN i.starts",
          "WHEN i.basis <> 'record' THEN i.starts", ("tests/sharing/test_reach.py",)),
    Fault("facts of any agency are given away", "sharing/gathered.py",
          "    IF NOT wall_free() AND agency IS DISTINCT FROM wall_agency() THEN",
          "    IF false THEN", (NOTE,)),
    Fault("past the wall stays past it", "access/wall.py",
          "                _set(before, using)\n", "                pass\n", (WALL,)),
    Fault("reads are recorded after the answer", "access/context.py",
          "            record_reads(notes)\n        if outer",
          "        record_reads(notes)\n        if outer",
          ("tests/audit/test_fails_closed.py", "tests/access/test_context.py")),
    Fault("a record that fails is let go", "access/context.py",
          "        trail.record_reads(current_actor(), reads, route=notes.route)\n",
          "        try:\n            trail.record_reads(current_actor(), reads,"
          " route=notes.route)\n        except Exception:\n            pass\n",
          ("tests/audit/test_fails_closed.py",)),
    Fault("a superuser passes", "agencies/queries.py",
          "    return permission in permissions_of(actor)",
          "    from agencies.models import User\n"
          "    return permission in permissions_of(actor) or"
          " User.objects.filter(pk=actor.user_id, is_superuser=True).exists()",
          ("tests/agencies",)),
    Fault("who proposed approves", "sharing/actions/decision.py",
          "if member.user_id in {locked.proposed_by_id, locked.worker_id}:\n        # Two users",
          "if False:\n        # Two users",
          ("tests/sharing/test_decision_actions.py",)),
    Fault("a withdrawal leaves the door open", "sharing/actions/withdrawal.py",
          "        involvement.end(involvement=row.involvement, by=by)\n    endings",
          "    endings", ("tests/sharing/test_consent_withdraw.py",)),
    Fault("one fact breaks the glass", "people/matching.py",
          "ENOUGH = 2", "ENOUGH = 1", ("tests/people/test_matching.py",)),
    Fault("a draft comes back once its person is hidden", "agencies/views/draft.py",
          "    except NotVisible:\n        return HttpResponse(status=204)\n    values",
          "    except NotVisible:\n        person_id = found.person_id\n    values",
          ("tests/agencies/test_drafts.py",)),
    Fault("an auditor audits whom they are barred from", "sharing/wall.py",
          "SELECT person_id FROM sharing_bar\n        WHERE user_id = asker",
          "SELECT person_id FROM sharing_bar\n        WHERE false AND user_id = asker",
          ("tests/oversight/test_scope.py",)),
    Fault("anybody learns whom an auditor may review", "sharing/wall.py",
          "AND NOT coalesce(wall_audits() AND", "AND NOT coalesce(true OR wall_audits() AND",
          ("tests/oversight/test_scope.py",)),
    Fault("a row of which nothing is seen is among the first", "access/first.py",
          " and seen[row.person_id].sees_some(categories(row))", "",
          ("tests/tasking/test_alert.py",)),
    Fault("what may not be shown is shown among the first", "access/first.py",
          "        if not seen.sees(*categories):\n            continue\n", "",
          ("tests/tasking/test_much_at_once.py",)),
    Fault("a trail shows what its keys name, unasked", "oversight/entries.py",
          "mine, pk__in=", "pk__in=",
          ("tests/oversight/test_scope.py",)),
    Fault("the reads of a user are counted as theirs who was never involved",
          "oversight/entries.py",
          "WHERE {auditable}", "WHERE true OR {auditable}",
          ("tests/oversight/test_scope.py",)),
    Fault("a finding about somebody from whom one is barred is counted", "oversight/queries.py",
          "scope.findings_to_review(actor)", "scope.findings(actor)",
          ("tests/oversight/test_behind_the_wall.py",)),
    Fault("the vault opens any row", "people/vault.py",
          "    return row_id.bytes + person_id.bytes", '    return b""',
          ("tests/people/test_vault.py",)),
    Fault("an auditor opens what others hold", "sharing/actions/audit_sample.py",
          "    shown &= held_by_agency(facts.worlds(member, [person_id])[person_id])\n", "",
          ("tests/oversight/test_samples.py",)),
    Fault("whoever is a party resumes", "sharing/actions/agreement.py",
          "if any(row.agency_id not in {None, member.agency_id} for row in rows):", "if False:",
          ("tests/sharing/test_agreement_actions.py",)),
    Fault("therapy moves the dates of the case", "casework/actions/intervention.py",
          "    if Category.CLINICAL in row.categories:\n        return\n", "",
          ("tests/casework/test_intervention_actions.py",)),
]  # fmt: skip


def caught(fault: Fault, environ: dict[str, str]) -> bool:
    """Whether the tests of a copy with the fault go red."""
    with tempfile.TemporaryDirectory(prefix="fault-") as folder:
        copy = Path(folder) / "project"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT, symlinks=True)
        place = copy / fault.path
        text = fault.made_in(place.read_text())
        if "_KEPT" in fault.wrong:
            text += "\n_KEPT: dict = {}\n"
        place.write_text(text)
        tests = [one for one in fault.caught_by if (copy / one).exists()]
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "ops.pytest_plugin", "-x", "-q", *tests]
            + ["-m", "not deep", "-p", "no:cacheprovider"],
            cwd=copy,
            env=environ,
            capture_output=True,
            check=False,
            text=True,
        )
        # 1: some test failed; anything else is no verdict of a test.
        if ran.returncode not in {0, 1, 2}:
            raise RuntimeError(f"{fault.name}: pytest left with {ran.returncode}\n{ran.stdout}")
        return ran.returncode != 0


def main(names: list[str]) -> int:
    """Try these faults, or all; report; 1 when one survived."""
    chosen = [fault for fault in FAULTS if not names or fault.name in names]
    environ = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"}
        and not name.startswith("PYTEST_")
    }
    survived = []
    for fault in chosen:
        red = caught(fault, environ)
        print(f"{'caught  ' if red else 'SURVIVED'}  {fault.name}", flush=True)
        if not red:
            survived.append(fault.name)
    print(f"{len(chosen)} faults tried, {len(chosen) - len(survived)} caught")
    return 1 if survived or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
