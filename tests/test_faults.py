"""Faults of disks, locks, versions and files: each is told with place and remedy, and nothing is damaged."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import SkipTest

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse, serialize

from pacta import rules, soundness
from pacta.building import build
from pacta.commands import main
from pacta.errors import DamagedStore, StoreError
from pacta.stage import stage_of
from pacta.store import mark, open_store
from pacta.store.salvage import Salvage
from pacta.vocabulary import ID_BASE, PACTA, PROV
from stores import BORDURIA, borduria, free_port

G = "http://example.org/g"
RECORDS = f"{ID_BASE}graph/record/"


def told(*words: object) -> Result:
    """Run a command; whatever is wrong, no traceback and no unexpected error."""
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert "unexpected" not in result.stderr, result.stderr
    assert result.exit_code in (0, 1, 2), result.exception
    return result


def refused(*words: object, says: str) -> None:
    """Run a command that cannot do it: code 2, one error that says so, and a remedy."""
    result = told(*words)
    assert result.exit_code == 2, result.output
    assert says in result.stderr
    assert result.stderr.count("pacta: error:") == 1
    assert result.stderr.rstrip().endswith("."), "a remedy ends the message"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound store on disk, in tables: of the invented conflict."""
    folder = tmp_path_factory.mktemp("whole") / "store"
    with borduria(folder) as store:
        store.optimize()
    return folder


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    shutil.copytree(whole, tmp_path / "store")
    return tmp_path / "store"


def dumped(folder: Path) -> bytes:
    with open_store(folder, read_only=True) as store:
        return serialize(sorted(store.quads(), key=str), format=RdfFormat.N_QUADS) or b""


# --- full disks -------------------------------------------------------------------------------------------------------
SMALL_DISK = """
set -e
mkdir -p "$DISK" && mount -t tmpfs -o size="$SIZE" tmpfs "$DISK"
{first}
mount -o remount,size=400m "$DISK"
{then}
"""


def on_a_small_disk(folder: Path, size: str, first: str, then: str) -> subprocess.CompletedProcess[str]:
    """Run shell commands on a disk of `size`, others after it was made larger; in a name space of their own."""
    unshare = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    if (
        shutil.which("unshare") is None
        or subprocess.run([*unshare, "mount", "-t", "tmpfs", "tmpfs", str(folder)], capture_output=True).returncode
    ):
        raise SkipTest("no small disk can be mounted here; run the tests as root, or allow user name spaces")
    script = SMALL_DISK.format(first=first, then=then)
    place = {"DISK": str(folder / "disk"), "SIZE": size, "PACTA": f"{sys.executable} -m pacta"}
    return subprocess.run([*unshare, "bash", "-c", script], env={**os.environ, **place}, capture_output=True, text=True)


@pytest.mark.parametrize("size", ["200k", "900k"])
def test_a_disk_that_fills_up_while_loading(tmp_path: Path, size: str) -> None:
    done = on_a_small_disk(
        tmp_path, size,
        first=f'code=0; $PACTA load {BORDURIA} --store "$DISK/store" || code=$?; echo "first $code"',
        then=f'$PACTA load {BORDURIA} --store "$DISK/store"; '
             f'$PACTA dump --with-text --store "$DISK/store" -o {tmp_path}/after.nq',
    )  # fmt: skip
    assert "first 2" in done.stdout, done.stderr
    assert "no room left on the disk" in done.stderr
    assert "Make room" in done.stderr
    assert "unexpected" not in done.stderr
    assert done.returncode == 0, done.stderr
    with borduria() as store:
        expected = {str(quad) for quad in store.quads()}
    assert {str(quad) for quad in parse(path=tmp_path / "after.nq", format=RdfFormat.N_QUADS)} == expected


def test_a_disk_that_fills_up_while_building_goes_on_when_there_is_room(tmp_path: Path) -> None:
    rows = ({"id": n, "text": f"Armenia denied on day {n} that it had shelled the road."} for n in range(60))
    (tmp_path / "many.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    settle = f"from pacta.store import open_store; open_store('{tmp_path}/disk/store').close()"  # old logs go
    done = on_a_small_disk(
        tmp_path, "400m",
        first=f'head -1 {tmp_path}/many.jsonl > {tmp_path}/one.jsonl; build="$PACTA build -qj1 --store $DISK/store"; '
              f'$build {tmp_path}/one.jsonl; {sys.executable} -c "{settle}"; used=$(du -sk "$DISK" | cut -f1); '
              'mount -o remount,size=$((used + 300))k "$DISK"; '
              f'code=0; $build {tmp_path}/many.jsonl || code=$?; echo "first $code"; '
              f'$PACTA dump -q --store "$DISK/store" -f nquads -o {tmp_path}/half.nq',
        then=f'$build {tmp_path}/many.jsonl; $PACTA check --fail-on info --store "$DISK/store"; '
             f'$PACTA dump --with-text --store "$DISK/store" -o {tmp_path}/after.nq',
    )  # fmt: skip
    assert "first 2" in done.stdout, done.stderr
    assert "no room left on the disk" in done.stderr
    assert "unexpected" not in done.stderr
    assert done.returncode == 0, done.stderr
    half = {str(q.graph_name) for q in parse(path=tmp_path / "half.nq", format=RdfFormat.N_QUADS) if RECORDS in str(q)}
    assert 1 <= len([name for name in half if RECORDS in name]) < 60, "what landed can be read on the full disk"
    stage = stage_of(None, ID_BASE)
    with open_store(tmp_path / "plain") as store:
        build(
            [tmp_path / "many.jsonl"], store, converter=stage.converter, validator=stage.validator, quarantine=tmp_path
        )
    assert dumped(tmp_path / "plain") == sorted_bytes(tmp_path / "after.nq")


def sorted_bytes(file: Path) -> bytes:
    return serialize(sorted(parse(path=file, format=RdfFormat.N_QUADS), key=str), format=RdfFormat.N_QUADS) or b""


def test_a_dump_onto_a_full_disk_leaves_no_half_file(whole: Path, tmp_path: Path) -> None:
    done = on_a_small_disk(
        tmp_path, "16k",
        first=f'code=0; $PACTA dump --store {whole} -o "$DISK/all.nq" || code=$?; echo "first $code" $(ls -A "$DISK")',
        then=f'$PACTA dump --store {whole} -o "$DISK/all.nq"; ls -A "$DISK"',
    )  # fmt: skip
    assert done.stdout.splitlines() == ["first 2", "all.nq"], done.stderr
    assert "no space left on device" in done.stderr


def test_a_dump_without_room_for_its_temporary_files(whole: Path, tmp_path: Path) -> None:
    done = on_a_small_disk(
        tmp_path, "16k",
        first=f'code=0; TMPDIR="$DISK" $PACTA dump --store {whole} -o {tmp_path}/all.nq || code=$?; echo "first $code"',
        then=f'ls -A "$DISK"; TMPDIR="$DISK" $PACTA dump --store {whole} -o {tmp_path}/all.nq',
    )  # fmt: skip
    assert done.stdout.splitlines() == ["first 2"], done.stderr
    assert "no space left on device" in done.stderr
    assert "TMPDIR" in done.stderr
    assert done.returncode == 0


def test_standard_output_that_takes_no_more(whole: Path) -> None:
    if not Path("/dev/full").exists():
        raise SkipTest("the device /dev/full is not here")
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "pacta", "dump", "--store", str(whole)]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert "no space left on device (standard output)" in done.stderr
    assert "Traceback" not in done.stderr


def test_shards_onto_a_full_disk_leave_no_half_file(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("Armenia denied that it had shelled the road.", encoding="utf-8")
    shards = f'$PACTA build {tmp_path}/one.txt -q --shards "$DISK/shards"'
    done = on_a_small_disk(
        tmp_path, "4k",
        first=f'code=0; {shards} || code=$?; echo "first $code" $(find "$DISK" -type f)',
        then=f'{shards}; find "$DISK" -type f | wc -l',
    )  # fmt: skip
    first, then = done.stdout.splitlines()
    assert first.startswith("first 2"), done.stderr
    assert ".part" not in first
    assert "manifests/" not in first, "a manifest never names a shard that is not there"
    assert then == "2"
    assert "the shard cannot be written: no space left" in done.stderr


# --- what may not be written ------------------------------------------------------------------------------------------
def unprivileged(*words: object) -> subprocess.CompletedProcess[str]:
    """Run a command as one whom permissions bind, which they do not root."""
    drop: list[str] = []
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            raise SkipTest("the program setpriv is not here, without which permissions do not bind root")
        drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner"]
    command = [*drop, sys.executable, "-m", "pacta", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.mark.parametrize("mode", [0o555, 0o000])
def test_a_folder_that_may_not_be_written_or_not_be_read(copy: Path, mode: int) -> None:
    before = dumped(copy)
    copy.chmod(mode)
    try:
        writing, reading = unprivileged("load", BORDURIA, "--store", copy), unprivileged("dump", "--store", copy)
    finally:
        copy.chmod(0o755)
    assert writing.returncode == 2
    assert ("check who owns the folder" if mode else "is not readable") in writing.stderr.lower()
    assert "unexpected" not in writing.stderr + reading.stderr
    assert reading.returncode == (0 if mode else 2), reading.stderr
    assert dumped(copy) == before


def test_a_store_below_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(mode=0o555)
    done = unprivileged("load", BORDURIA, "--store", tmp_path / "shut" / "store")
    assert done.returncode == 2
    assert "may not be written" in done.stderr
    done = unprivileged(
        "build", BORDURIA.parent / "agreements" / "accord.txt", "--shards", tmp_path / "shut" / "shards"
    )
    assert done.returncode == 2
    assert "cannot be written: permission denied" in done.stderr


# --- locks ------------------------------------------------------------------------------------------------------------
def test_a_store_that_another_process_writes(copy: Path) -> None:
    hold = f"from pacta.store import open_store; s = open_store({str(copy)!r}); print('held', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        refused("load", BORDURIA, "--store", copy, says="is being written by another process")
        refused("build", BORDURIA.parent / "agreements" / "accord.txt", "--store", copy, says="by another process")
        assert told("dump", "--store", copy).exit_code == 0
        other.communicate(b"\n")
    assert told("load", BORDURIA, "--store", copy).exit_code == 0


def test_a_store_that_is_served_can_be_written(copy: Path) -> None:
    command = [sys.executable, "-m", "pacta", "serve", "--store", str(copy), "--bind", f"127.0.0.1:{free_port()}"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as serving:
        try:
            assert serving.stderr is not None
            assert any("http://127.0.0.1" in line for line in serving.stderr)
            assert told("load", BORDURIA, "--store", copy).exit_code == 0
        finally:
            serving.terminate()


# --- versions ---------------------------------------------------------------------------------------------------------
def test_a_store_says_in_which_format_it_is(copy: Path) -> None:
    assert mark.read(copy) == mark.FORMAT
    (copy / mark.NAME).unlink()
    assert mark.read(copy) is None
    assert told("dump", "--store", copy).exit_code == 0
    assert mark.read(copy) is None, "reading changes nothing"
    assert told("load", BORDURIA, "--store", copy).exit_code == 0
    assert mark.read(copy) == mark.FORMAT


def test_a_store_of_a_newer_version_is_left_alone(copy: Path) -> None:
    newer = f"pacta store, format {mark.FORMAT + 1}, written by 99.0\n"
    (copy / mark.NAME).write_text(newer)
    for words in (("load", BORDURIA), ("dump",), ("query", "statements/list"), ("check",)):
        refused(*words, "--store", copy, says="written by a newer version")
    assert (copy / mark.NAME).read_text() == newer


def test_a_store_of_too_old_a_version_is_to_be_built_again(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mark, "FORMAT", mark.FORMAT + 2)
    with open_store(copy, read_only=True) as store:
        assert len(store), "an older one that is still read"
    monkeypatch.setattr(mark, "OLDEST", mark.FORMAT)
    refused("dump", "--store", copy, says="written by an older version")
    assert "dump it as N-Quads with that version" in told("dump", "--store", copy).stderr


def test_a_mark_that_is_none(copy: Path) -> None:
    (copy / mark.NAME).write_bytes(b"\xff\xfe" * 5000)
    refused("dump", "--store", copy, says="this is no mark of a store")


# --- what is no store -------------------------------------------------------------------------------------------------
def test_paths_that_lead_nowhere(tmp_path: Path, whole: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("x")
    (tmp_path / "full" / "CURRENT affairs.txt").write_text("x")  # begins like a file of the engine
    for path, says in (
        (tmp_path / "file", "a store is a folder, this is a file"),
        (tmp_path / "file" / "store", "not a directory"),
        (tmp_path / "full", "something else than a store"),
    ):
        refused("load", BORDURIA, "--store", path, says=says)
    for path in (tmp_path / "none", tmp_path / "file", tmp_path / "full"):
        for verb in ("dump", "check", "query"):
            assert told(verb, "--store", path, *(["statements/list"] if verb == "query" else [])).exit_code == 2
    refused("load", "--shards", tmp_path / "none", "--store", tmp_path / "new", says="there are no shards")
    refused("load", "--shards", tmp_path / "file", "--store", tmp_path / "new", says="cannot be read: not a directory")
    refused("dump", "--store", whole, "-o", tmp_path / "full", says="is a directory")
    refused("dump", "--store", whole, "-o", tmp_path / "file" / "x", says="cannot write")
    assert (tmp_path / "file").read_text() == "x"
    full = [tmp_path / "full", tmp_path / "full" / "CURRENT affairs.txt", tmp_path / "full" / "notes.txt"]
    assert sorted(tmp_path.rglob("*")) == [tmp_path / "file", *full]


def test_an_output_that_exists_is_replaced_whole(whole: Path, tmp_path: Path) -> None:
    (tmp_path / "all.nq").write_text("x" * 10_000_000)
    assert told("dump", "--store", whole, "-o", tmp_path / "all.nq").exit_code == 0
    first = (tmp_path / "all.nq").read_bytes()
    assert told("dump", "--store", whole, "-o", tmp_path / "all.nq").exit_code == 0
    assert (tmp_path / "all.nq").read_bytes() == first
    assert b"xxx" not in first


def test_a_store_whose_making_was_stopped_can_be_made(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    for name in ("LOCK", "LOG", "IDENTITY", "MANIFEST-000001"):
        (folder / name).touch()
    with open_store(folder) as store:
        store.load(BORDURIA, "trig")
    assert mark.read(folder) == mark.FORMAT


# --- damaged files ----------------------------------------------------------------------------------------------------
def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    for at in range(len(content) // 2, min(len(content) // 2 + 8, len(content))):
        content[at] ^= 0xFF
    file.write_bytes(content)


def cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


HARMS: tuple[Callable[[Path], None], ...] = (flip, cut, Path.unlink)


@pytest.mark.parametrize("harm", HARMS, ids=["flip", "cut", "remove"])
def test_each_file_of_a_store_can_break_and_is_told(whole: Path, tmp_path: Path, harm: Callable[[Path], None]) -> None:
    expected = dumped(whole)
    seen = set()
    for number, name in enumerate(sorted(path.name for path in whole.iterdir() if path.name not in ("LOCK", "LOG"))):
        folder = tmp_path / str(number)
        shutil.copytree(whole, folder)
        harm(folder / name)
        result = told("dump", "--store", folder, "--with-text", "-f", "nquads")
        if result.exit_code == 0:
            quads = parse(result.stdout_bytes, format=RdfFormat.N_QUADS)
            assert serialize(sorted(quads, key=str), format=RdfFormat.N_QUADS) == expected, "read, so it is all there"
        else:
            seen.add(result.exit_code)
            assert "damaged" in result.stderr or "mark" in result.stderr or "no store" in result.stderr, result.stderr
        check = told("check", "--store", folder)
        assert check.exit_code or result.exit_code == 0, "a check finds what a dump does"
    assert 2 in seen, "some files a store cannot be opened without"


def test_a_dump_of_a_damaged_store_reads_what_can_be_read(whole: Path, tmp_path: Path) -> None:
    expected = set(dumped(whole).splitlines())
    tried = 0
    for number, name in enumerate(sorted(path.name for path in whole.glob("*.sst"))):
        folder = tmp_path / str(number)
        shutil.copytree(whole, folder)
        flip(folder / name)
        result = told("dump", "--store", folder, "--with-text", "-f", "nquads")
        if result.exit_code == 1:
            tried += 1
            found = set(result.stdout_bytes.splitlines())
            assert found <= expected
            assert len(found) > 0.5 * len(expected)
            assert "quads could be read" in result.stderr
            with open_store(folder, read_only=True) as store, pytest.raises(DamagedStore):
                list(store.quads())
    assert tried, "an index or the table of terms was hit"


def test_what_the_list_of_graphs_lost_is_read_from_the_quads(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(copy, read_only=True) as store:
        expected = set(store.quads())

        def fails() -> tuple[str, ...]:
            raise DamagedStore("planted")

        monkeypatch.setattr(store, "graph_names", fails)
        found = Salvage(store)
        assert {quad for name in found.names for quad in found.quads(name)} == expected
        assert found.faults == {None: "planted"}
        assert found.count == len(expected)


def test_a_log_that_breaks_off_loses_only_its_end(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    write = (
        f"import os; from pacta.store import open_store; from pyoxigraph import *; s = open_store({str(folder)!r})\n"
        f"g = NamedNode({G!r})\n"
        "for n in range(500): s.add([Quad(NamedNode(f'urn:{n}'), NamedNode('urn:p'), Literal('x' * 50), g)])\n"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", write])
    cut(max(folder.glob("*.log")))
    with open_store(folder) as store:
        there = {quad.subject.value for quad in store.quads()}  # type: ignore[union-attr]
    assert 0 < len(there) < 500
    assert there == {f"urn:{n}" for n in range(len(there))}, "whole transactions, in their order"


# --- check --store ----------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store and the shards it was loaded from, of three short reports."""
    folder = tmp_path_factory.mktemp("built")
    texts = ("Armenia denied that it had shelled the road.", "Russia said it was calm.", "Azerbaijan accused Armenia.")
    for number, text in enumerate(texts):
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    sources = [folder / f"{number}.txt" for number in range(3)]
    assert told("build", *sources, "--published", "2021-08-13", "--shards", folder / "shards").exit_code == 0
    assert told("load", "--shards", folder / "shards", "--store", folder / "store").exit_code == 0
    return folder


@pytest.fixture
def harmed(built: Path, tmp_path: Path) -> tuple[Path, Path]:
    shutil.copytree(built / "store", tmp_path / "store")
    return tmp_path / "store", built / "shards"


def checked(store: Path, shards: Path | None = None) -> list[dict[str, str]]:
    words = ["check", "--store", store, "-f", "json", *(["--shards", shards] if shards else [])]
    result = told(*words)
    found: list[dict[str, str]] = json.loads(result.stdout)
    assert result.exit_code == any(finding["severity"] == "ERROR" for finding in found)
    assert all(finding["subject"] and finding["message"] for finding in found)
    return found


def kinds(found: list[dict[str, str]]) -> set[tuple[str, str]]:
    return {(finding["check"], finding["severity"]) for finding in found}


def change(folder: Path, alter: Callable[[Quad], Quad | None], *, derive: bool = True) -> str:
    """Alter the first quad of a record for which `alter` gives another or none; return its graph."""
    with open_store(folder) as store:
        for quad in sorted(store.quads(), key=str):
            if quad.graph_name.value.startswith((RECORDS, f"{ID_BASE}graph/text/")):  # type: ignore[union-attr]
                other = alter(quad)
                if other != quad:
                    name = quad.graph_name.value  # type: ignore[union-attr]
                    rest = set(store.quads(name)) - {quad}
                    store.replace_graph(name, rest | ({other} if other else set()))
                    if derive:
                        rules.derive(store)
                    return str(name)
    raise AssertionError("nothing to alter")


def of(name: str, value: str) -> Callable[[Quad], Quad | None]:
    """Give quads of a property another value."""

    def alter(quad: Quad) -> Quad:
        if quad.predicate.value != PACTA + name:
            return quad
        assert isinstance(quad.object, Literal)
        return Quad(quad.subject, quad.predicate, Literal(value, datatype=quad.object.datatype), quad.graph_name)

    return alter


def test_a_sound_store_has_no_findings(built: Path) -> None:
    assert checked(built / "store", built / "shards") == []
    result = told("check", "--store", built / "store")
    assert result.stdout.endswith("nothing found\n")


@pytest.mark.parametrize(
    ("name", "value"), [("quote", "other words"), ("fullText", "Another text."), ("charLength", "7")]
)
def test_a_record_that_does_not_fit_its_text_is_found(harmed: tuple[Path, Path], name: str, value: str) -> None:
    store, shards = harmed
    change(store, of(name, value))
    assert ("text", "ERROR") in kinds(checked(store))
    assert ("shards", "ERROR") in kinds(checked(store, shards))


def test_a_record_without_run_or_text_is_found(harmed: tuple[Path, Path]) -> None:
    store, _ = harmed
    change(store, lambda quad: None if quad.predicate.value == PROV + "wasGeneratedBy" else quad)
    assert ("record", "ERROR") in kinds(checked(store))
    with open_store(store) as open_:
        for name in open_.graph_names():
            if name.startswith(f"{ID_BASE}graph/text/"):
                open_.remove_graph(name)
        open_.remove_graph(f"{ID_BASE}graph/provenance")
        rules.derive(open_)
    assert {("text", "WARN"), ("record", "ERROR")} <= kinds(checked(store))


def test_references_to_nothing_are_found(harmed: tuple[Path, Path]) -> None:
    store, _ = harmed
    nobody = NamedNode(f"{ID_BASE}actor/nobody")
    change(
        store,
        lambda q: Quad(q.subject, q.predicate, nobody, q.graph_name) if q.predicate.value == PACTA + "speaker" else q,
    )
    (finding,) = [finding for finding in checked(store) if finding["check"] == "reference-to-nothing"]
    assert "actor/nobody" in finding["message"]


def test_an_offset_that_is_none_is_found(harmed: tuple[Path, Path]) -> None:
    store, _ = harmed
    first: list[Quad] = []

    def letters(quad: Quad) -> Quad:
        if quad.predicate.value != PACTA + "charStart" or first:
            return quad
        first.append(quad)
        return Quad(quad.subject, quad.predicate, Literal("abc"), quad.graph_name)

    change(store, letters)
    (finding,) = [finding for finding in checked(store) if finding["check"] == "text"]
    assert "1 of" in finding["message"]


def test_a_derived_graph_that_does_not_follow_is_found(harmed: tuple[Path, Path]) -> None:
    store, _ = harmed
    change(store, lambda quad: None if quad.predicate.value == PACTA + "denies" else quad, derive=False)
    assert ("derived", "WARN") in kinds(checked(store))
    with open_store(store) as open_:
        open_.settled()  # as if it had been derived
    assert ("derived", "ERROR") in kinds(checked(store))


def test_a_large_graph_is_looked_up_in_parts(harmed: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    folder, _ = harmed
    with open_store(folder) as store:
        graph = f"{ID_BASE}graph/reference"
        there = sorted(store.quads(graph), key=str)
        lost, match = there[-1], store.match
        monkeypatch.setattr(soundness, "HELD", len(there) // 3)
        monkeypatch.setattr(rules, "IN_MEMORY", 100)
        assert not list(soundness.findings(store, base=ID_BASE))
        for hidden in range(1, 4):  # by subject, predicate, object

            def lossy(*pattern: object, hidden: int = hidden) -> Iterator[Quad]:
                found = match(*pattern)  # type: ignore[arg-type]
                by = [n for n, term in enumerate((*pattern, None, None, None)[:3], 1) if term is not None]
                return (q for q in found if q != lost) if by == [hidden] else found

            monkeypatch.setattr(store, "match", lossy)
            found = list(soundness._indexed_in_parts(store, graph, Counter()))
            assert [f.subject for f in found] == [graph], hidden
            assert "quads" in found[0].message


def test_a_record_that_is_not_there_is_found_by_the_shards(harmed: tuple[Path, Path]) -> None:
    store, shards = harmed
    with open_store(store) as open_:
        gone = next(name for name in open_.graph_names() if name.startswith(RECORDS))
        open_.remove_graph(gone)
        rules.derive(open_)
    assert not [finding for finding in checked(store) if finding["severity"] == "ERROR"]
    assert [finding["subject"] for finding in checked(store, shards)] == [gone]
    assert told("load", "--shards", shards, "--store", store).exit_code == 0
    assert checked(store, shards) == []


def test_the_options_of_check_that_do_not_go_together(whole: Path) -> None:
    refused("check", "--shards", "somewhere", says="needs a store")
    refused("check", str(BORDURIA), "--store", whole, says="two things to check")
    refused("check", "--store", whole, "--shards", whole.parent / "none", says="there are no shards")


def test_a_lookup_by_a_number_gives_that_number_alone(tmp_path: Path) -> None:
    """The engine of today gives 256 to 510 as well when it is asked for 255 on disk."""
    with open_store(tmp_path / "store") as store:
        store.add(Quad(NamedNode(f"urn:{n}"), NamedNode("urn:p"), Literal(n), NamedNode(G)) for n in range(200, 600))
        assert [quad.subject.value for quad in store.match(None, None, Literal(255))] == ["urn:255"]  # type: ignore[union-attr]


def test_an_error_within_is_not_hidden_by_one_of_closing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(tmp_path / "store")

    class Full:
        def flush(self) -> None:
            raise OSError("IO error: No space left on device")

    monkeypatch.setattr(store, "_open", Full())
    with pytest.raises(StoreError, match="no room left"):
        store.close()
    monkeypatch.setattr(store, "_open", Full())
    with pytest.raises(KeyError), store:
        raise KeyError
