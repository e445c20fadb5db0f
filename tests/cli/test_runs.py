"""run, runs and reviews, on a store of their own."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.shell import Shell, program
from tests.fakes import write_files

LAST = {"event", "run", "outcome", "output", "path", "cost_usd", "waiting_for"}


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody sits in front of a test."""
    with Path(os.devnull).open(encoding="utf-8") as nobody:
        monkeypatch.setattr("sys.stdin", nobody)
        yield


def parked(jb: Shell, journey: str = "decide", *words: str) -> str:
    return str(jb("run", journey, "--json", *words, status=3).lines[-1]["run"])


def test_a_run_prints_the_conversation_and_how_it_ended(jb: Shell) -> None:
    result = jb("run", "hello", "--set", "name=Ana", "--say", "O-7", status=0)
    assert "Hi Ana" in result.out
    assert "Which order?" in result.out
    assert '■ ended: good with {"id": "O-7"}' in result.out
    assert "path greet → which → done" in result.out


def test_the_last_line_of_json_has_exactly_the_promised_fields(jb: Shell) -> None:
    lines = jb("run", "hello", "--set", "name=Ana", "--say", "O-7", "--json", status=0).lines
    assert set(lines[-1]) == LAST
    assert lines[-1] == {
        "event": "ended",
        "run": lines[0]["run"],
        "outcome": "good",
        "output": {"id": "O-7"},
        "path": ["greet", "which", "done"],
        "cost_usd": 0.0,
        "waiting_for": None,
    }
    assert [line["event"] for line in lines[:3]] == ["started", "entered", "asked"]


def test_a_run_that_has_to_wait_is_parked_and_says_how_it_goes_on(jb: Shell) -> None:
    result = jb("run", "hello", "--set", "name=Ana", status=3)
    assert "‖ parked: waits for the customer at 'which'" in result.out
    assert "Answer with: jb runs reply r-" in result.out
    line = jb("run", "decide", "--json", status=3).lines[-1]
    assert set(line) == LAST
    assert line["event"] == "parked"
    assert line["outcome"] is None
    assert line["waiting_for"]["kind"] == "review"


def test_a_run_that_fails_says_why_and_the_answer_is_no(jb: Shell, shop: Path) -> None:
    text = "journeybuilder: 1\njourney: bad\nstart: a\nnodes:\n  a: {kind: say, text: '${input.x}', next: z}\n  z: {kind: end}\n"
    write_files(shop, {"journeys/bad.journey.yaml": text})
    result = jb("run", "bad", status=1)
    assert "■ failed at 'a': in a value of 'a': there is no field 'x'" in result.out
    line = jb("run", "bad", "--json", status=1).lines[-1]
    assert set(line) == {*LAST, "error"}
    assert line["error"]["code"] == "expression"


def test_the_customers_language_can_be_chosen(jb: Shell) -> None:
    assert "Hola Ana" in jb("run", "hello", "--set", "name=Ana", "--language", "es").out


def test_a_trace_shows_every_step(jb: Shell) -> None:
    out = jb("run", "hello", "--set", "name=Ana", "--say", "O-7", "--trace").out
    assert out.splitlines()[:4] == [
        "▸ greet  #1",
        "    says     Hi Ana",
        "▸ which  #2",
        "    says     Which order?",
    ]


@pytest.mark.parametrize("name", ["hello", "journeys/hello.journey.yaml"])
def test_a_journey_is_found_by_its_id_and_by_its_file(jb: Shell, name: str) -> None:
    jb("run", name, "--set", "name=Ana", "--say", "O-7", status=0)


def test_the_input_can_come_as_json_and_from_a_file(jb: Shell, shop: Path) -> None:
    given = '{"name": "Ana"}'
    write_files(shop, {"input.json": given})
    for words in (
        ["--input", given],
        ["--input", "@input.json"],
        ["--input", "{}", "--set", "name=Ana"],
    ):
        jb("run", "hello", *words, "--say", "O-7", status=0)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "the input does not fit 'hello': 'name' is missing. Give it with --set KEY=VALUE"),
        (["--set", "name"], "'--set name' is not of the form KEY=VALUE"),
        (["--set", "name=A", "--set", "age=old"], "'hello': age: \"old\" is not of type integer"),
        (["--input", "{"], "--input is no JSON from line 1, column 2 on"),
        (["--input", "[1]"], "--input has to be a JSON object"),
        (["--input", '{"age": NaN}'], "--input holds NaN, which is no JSON"),
        (["--input", "[" * 20_000], "--input is no JSON that can be used"),
        (["--input", "@nope.json"], "--input: nope.json cannot be read: No such file or directory"),
    ],
)
def test_an_input_that_cannot_be_used_is_wrong_use(
    jb: Shell, words: list[str], message: str
) -> None:
    assert message in jb("run", "hello", *words, status=2).err


def test_files_that_cannot_be_run_are_explained(jb: Shell, shop: Path) -> None:
    assert "nope.yaml: there is no such file" in jb("run", "nope.yaml", status=2).err
    assert "there is no journey 'helo'. Did you mean 'hello'?" in jb("run", "helo", status=2).err
    write_files(
        shop, {"a.yaml": "x: 1\n", "b.yaml": "x: [", "c.yaml": "journeybuilder: 7\nbundle: x\n"}
    )
    assert "a.yaml: this is neither a bundle nor a journey" in jb("run", "a.yaml", status=2).err
    assert "b.yaml:2: A `{` or `[` above is never closed." in jb("run", "b.yaml", status=2).err
    assert "c.yaml: the file is of version 7" in jb("run", "c.yaml", status=2).err


def test_a_journey_with_errors_is_not_run(jb: Shell, broken: Path) -> None:
    error = jb("run", "broken", "--set", "name=Ana", status=2).err
    assert "broken at nodes.greet.next: JB302 'next' leads to 'wich', which does not exist" in error


def test_a_bundle_that_somebody_has_changed_is_not_run(jb: Shell, shop: Path) -> None:
    jb("export", "hello", "-o", "out.yaml", status=0)
    text = (shop / "out.yaml").read_text()
    (shop / "out.yaml").write_text(text.replace("kind: end", "kind: ende"))
    error = jb("run", "out.yaml", "--set", "name=A", status=2).err
    assert "out.yaml: the file was changed after it was exported" in error
    (shop / "out.yaml").write_text(text.replace("bundle: hello", "bundel: x\nbundle: hello"))
    error = jb("run", "out.yaml", "--set", "name=A", status=2).err
    assert "'bundel' is no key of a bundle\n  Did you mean 'bundle'?" in error


def test_a_bundle_whose_servers_lie_in_a_workspace_says_so_where_there_is_none(
    jb: Shell, tmp_path: Path
) -> None:
    shop = tmp_path / "retail"
    jb("init", str(shop), "--template", "retail", status=0)
    target = tmp_path / "elsewhere" / "b.yaml"
    target.parent.mkdir()
    jb("export", "order-return", "-o", str(target), "--workspace", str(shop), status=0)
    error = jb("run", str(target), "--set", "customer_id=C-17", status=2).err
    assert "b.yaml: its servers crm, orders, shipping lie in a workspace" in error
    assert "--workspace DIR" in error


def test_an_environment_that_demands_a_signature_runs_no_unsigned_bundle(
    jb: Shell, shop: Path
) -> None:
    text = (shop / "journeybuilder.yaml").read_text()
    text = text.replace("  dev: {}\n", "  dev: {}\n  prod: {require_signature: true}\n")
    (shop / "journeybuilder.yaml").write_text(text)
    jb("export", "hello", "-o", "out.yaml", "--env", "prod", status=0)
    error = jb("run", "out.yaml", "--set", "name=A", status=2).err
    assert "out.yaml: the environment 'prod' demands a signature, and this has none" in error
    error = jb("run", "hello", "--env", "prod", "--set", "name=A", status=2).err
    assert "hello: the environment 'prod' demands a signature, and this has none" in error


def test_a_parked_run_goes_on_with_the_customers_reply(jb: Shell) -> None:
    run = parked(jb, "hello", "--set", "name=Ana")
    result = jb("runs", "reply", run, "a lamp", status=3)
    assert "Which order?" in result.out
    result = jb("runs", "reply", run, "O-9", status=0)
    assert '■ ended: good with {"id": "O-9"}' in result.out
    assert "is ended" in jb("runs", "reply", run, "O-9", status=2).err


def test_a_reply_that_nobody_waits_for_is_refused(jb: Shell) -> None:
    run = parked(jb)
    error = jb("runs", "reply", run, "hello", status=2).err
    assert f"{run}: the run does not wait for the customer; it waits for a review" in error


def test_runs_are_listed_the_last_first(jb: Shell) -> None:
    assert (
        jb("runs", "list", status=0).out == "There are no runs yet. 'jb run JOURNEY' makes one.\n"
    )
    first = parked(jb)
    second = str(jb("run", "hello", "--set", "name=A", "--say", "O-1", "--json").lines[-1]["run"])
    out = jb("runs", status=0).out
    assert out.index(second) < out.index(first)
    assert "waits for 'desk' to decide at 'look' (approve, reject)" in out
    rows = jb("runs", "list", "--json", status=0).value["runs"]
    assert [(row["run"], row["status"]) for row in rows] == [(second, "ended"), (first, "parked")]
    assert [
        row["run"] for row in jb("runs", "list", "--status", "parked", "--json").value["runs"]
    ] == [first]
    assert len(jb("runs", "list", "--limit", "1", "--json").value["runs"]) == 1


def test_a_group_without_a_command_lists_with_the_options_of_the_list(
    jb: Shell, tmp_path: Path
) -> None:
    store = ("--store", "sqlite:///other.db")
    run = parked(jb, "decide", *store)
    (row,) = jb("runs", "--json", *store, status=0).value["runs"]
    assert row["run"] == run
    assert jb("runs", "--json", status=0).value == {"runs": []}
    (review,) = jb("reviews", "--json", *store, status=0).value["reviews"]
    assert review["run"] == run
    assert jb("reviews", "--json", status=0).value == {"reviews": []}
    nowhere = ("--workspace", str(tmp_path))
    assert jb("runs", "--json", *nowhere, *store, status=0).value == {"runs": []}
    assert run in jb("runs", *store, status=0).out


def test_options_before_the_command_of_a_group_are_the_commands_too(jb: Shell) -> None:
    store = ("--store", "sqlite:///other.db")
    run = parked(jb, "decide", *store)
    assert "▸ look" in jb("runs", *store, "show", run, status=0).out
    lines = jb("reviews", *store, "--json", "approve", run, "--as", "dana", status=0).lines
    assert lines[-1]["outcome"] == "sent"


def test_a_run_shown_to_programs_is_its_events(jb: Shell) -> None:
    run = parked(jb)
    events = jb("runs", "events", run, status=0).lines
    assert jb("runs", "show", run, "--json", status=0).lines == events
    assert jb("runs", "events", run, "--json", status=0).lines == events


def test_a_language_or_channel_that_the_journey_has_not_is_warned_of(jb: Shell) -> None:
    given = ("run", "hello", "--set", "name=Ana", "--say", "O-7")
    result = jb(*given, "--language", "xx", "--channel", "fax", status=0)
    assert "warning: the journey has no language 'xx'. It has en, es.\n" in result.err
    assert "warning: the journey has no channel 'fax'. It has chat.\n" in result.err
    assert jb(*given, "--language", "es", "--channel", "chat", status=0).err == ""


LANES = """\
journeybuilder: 1
journey: lanes
start: fan
variables: {x: {type: integer}}
nodes:
  fan: {kind: parallel, lanes: {left: ask_left, right: count}}
  ask_left: {kind: ask, text: "Left?", expect: {type: string}, save: answer, next: meet}
  count: {kind: say, text: "One.", next: meet}
  meet: {kind: join, next: done}
  done: {kind: end}
"""


def test_every_line_of_a_trace_says_which_lane_it_belongs_to(jb: Shell, shop: Path) -> None:
    write_files(shop, {"journeys/lanes.journey.yaml": LANES})
    lines = jb("run", "lanes", "--say", "O-7", "--trace", status=0).out.splitlines()
    assert "    says     Left?  in lane left" in lines
    assert "    hears    O-7  in lane left" in lines
    assert "    says     One.  in lane right" in lines
    assert "    lanes    left, right" in lines


def test_looking_for_runs_leaves_nothing_behind(jb: Shell, shop: Path) -> None:
    jb("runs", "list", status=0)
    jb("reviews", "list", status=0)
    assert not (shop / ".journeybuilder").exists()


def test_a_run_is_shown_for_people_and_for_programs(jb: Shell) -> None:
    run = parked(jb)
    assert jb("runs", "show", run, status=0).out.splitlines() == [
        "▸ look  #1",
        "    waits    for a decision of 'desk': approve, reject",
        "‖ parked: waits for 'desk' to decide at 'look' (approve, reject)",
    ]
    events = jb("runs", "events", run, status=0).lines
    assert [event["event"] for event in events] == ["started", "entered", "asked", "parked"]
    assert [event["seq"] for event in events] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "words",
    [["show"], ["events"], ["resume"], ["cancel"], ["reply", "TEXT"]],
)
def test_a_run_that_does_not_exist_is_named_with_the_way_to_find_others(
    jb: Shell, words: list[str]
) -> None:
    error = jb("runs", words[0], "r-nope", *words[1:], status=2).err
    assert (
        error
        == "error: r-nope: there is no such run in this store\n  'jb runs list' shows the runs.\n"
    )


def test_a_run_can_be_cancelled_once(jb: Shell) -> None:
    run = parked(jb)
    assert "■ cancelled by dana" in jb("runs", "cancel", run, "--as", "dana", status=0).out
    assert f"{run}: the run is over: cancelled" in jb("runs", "cancel", run, status=2).err


def test_a_run_that_waits_is_not_moved_by_resuming_it(jb: Shell) -> None:
    run = parked(jb)
    assert "parked" in jb("runs", "resume", run, status=3).out


def test_the_way_on_names_the_store_when_it_is_another_one(jb: Shell, shop: Path) -> None:
    out = jb("run", "decide", "--store", "sqlite:///other.db", status=3).out
    assert " --as NAME --store sqlite:///other.db" in out
    assert (shop / "other.db").exists()
    assert jb("runs", "list", "--json").value == {"runs": []}
    assert len(jb("runs", "list", "--store", "sqlite:///other.db", "--json").value["runs"]) == 1
    out = jb("run", "decide", "--env", "aside", status=3).out
    assert "--store sqlite:///.journeybuilder/aside.db" in out


def test_what_waits_for_a_person_is_listed_with_what_they_see(jb: Shell) -> None:
    assert jb("reviews", status=0).out == "Nothing waits for a person.\n"
    run = parked(jb)
    parked(jb, "hello", "--set", "name=Ana")
    out = jb("reviews", "list", status=0).out
    assert out.splitlines() == [
        f"{run}  decide  waits for 'desk' to decide at 'look' (approve, reject)",
        "    order: O-1",
        "    draft: Dear customer",
    ]
    (row,) = jb("reviews", "list", "--json", status=0).value["reviews"]
    assert row["run"] == run
    assert row["waiting_for"]["decisions"] == ["approve", "reject"]


def test_a_reviewer_approves(jb: Shell) -> None:
    out = jb("reviews", "approve", parked(jb), "--as", "dana", status=0).out
    assert '■ ended: sent with {"by": "dana", "text": "Dear customer"}' in out


def test_a_reviewer_rejects(jb: Shell) -> None:
    lines = jb(
        "reviews", "reject", parked(jb), "--as", "dana", "--note", "no", "--json", status=0
    ).lines
    assert lines[-1]["outcome"] == "stopped"


def test_a_reviewer_changes_the_draft(jb: Shell) -> None:
    run = parked(jb)
    assert (
        "--value is no JSON: Dear"
        in jb("reviews", "edit", run, "--as", "dana", "--value", "Dear", status=2).err
    )
    out = jb("reviews", "edit", run, "--as", "dana", "--value", '"Dear Ana"', status=0).out
    assert '"text": "Dear Ana"' in out


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("dan", "'dan' is not among the people of this workspace\n  Did you mean 'dana'?"),
        ("zoe", "'zoe' is not among the people of this workspace\n  People: dana, eve, otto."),
        ("eve", "'eve' is no reviewer\n  Who may decide here: dana."),
        ("otto", "'otto' does not decide for 'desk'\n  Who may decide here: dana."),
    ],
)
def test_only_a_reviewer_of_the_queue_decides(jb: Shell, name: str, message: str) -> None:
    run = parked(jb)
    assert message in jb("reviews", "approve", run, "--as", name, status=2).err
    (row,) = jb("reviews", "list", "--json").value["reviews"]
    assert row["run"] == run


def test_a_decision_that_is_not_offered_is_refused_with_those_that_are(jb: Shell) -> None:
    run = parked(jb)
    error = jb("reviews", "approve", run, "--as", "dana", "--decision", "send", status=2).err
    assert (
        f"{run}: 'send' is no decision here\n  Choose one with --decision: approve, reject."
        in error
    )


def test_a_decision_needs_a_name_and_something_to_decide(jb: Shell) -> None:
    assert "Missing option '--as'" in jb("reviews", "approve", "r-1", status=2).err
    error = jb("reviews", "approve", "r-1", "--as", "dana", status=2).err
    assert "r-1: there is no such run in this store\n  'jb reviews list' shows what waits" in error


def test_a_store_that_is_no_store_is_explained(jb: Shell, shop: Path) -> None:
    (shop / "folder.db").mkdir()
    write_files(shop, {"text.db": "this is no database, but it is long enough to look at" * 50})
    decide = ["run", "decide", "--store"]
    folder = jb(*decide, "sqlite:///folder.db", status=2).err
    assert "folder.db: the run store cannot be opened: something else stands in its place" in folder
    inside = jb(*decide, "sqlite:///text.db/x.db", status=2).err
    assert "the run store cannot be opened: something else stands in its place" in inside
    text = jb(*decide, "sqlite:///text.db", status=2).err
    assert "text.db: this file is no run store, or it is damaged" in text
    mysql = jb(*decide, "mysql://x", status=2).err
    assert "there is no run store for 'mysql://x'\n  Use sqlite:///FILE" in mysql


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit for the size of files")
def test_a_full_disk_stops_a_run_in_words(shop: Path) -> None:
    code = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000));"
        "from journeybuilder.cli import main; main()"
    )
    result = program("run", "decide", folder=shop, python=("-B", "-c", code))
    assert result.status == 2
    assert "Traceback" not in result.err
    assert "runs.db: the disk is full or failing; nothing of this step was kept" in result.err


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux")
def test_an_output_that_cannot_be_written_is_told_on_the_other_one(shop: Path) -> None:
    code = (
        "import os, sys; os.dup2(os.open('/dev/full', os.O_WRONLY), 1);"
        "from journeybuilder.cli import main; main()"
    )
    result = program("check", folder=shop, python=("-B", "-c", code))
    assert (result.status, result.err) == (
        2,
        (
            "error: the output cannot be written: No space left on device\n"
            "  Check the path, its permissions and the disk.\n"
        ),
    )
    # a run is more than its display: it ends as it would with one
    words = ("run", "hello", "--set", "name=A", "--say", "O-1", "--say", "O-1", "--json")
    result = program(*words, folder=shop, python=("-B", "-c", code))
    assert "The output cannot be written (No space left on device); the run goes on." in result.err
    rows = program("runs", "list", "--json", folder=shop).lines[0]["runs"]
    assert rows[0]["status"] in {"ended", "parked"}
