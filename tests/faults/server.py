"""A process with one thread that imports a scenario once and forks for each fault.

Takes one JSON object a line, and answers each with one. Forking the test process itself
would be unsafe: it has threads. What the scenario imports only when it acts is imported
here once a child has told of it, or each of hundreds of children would do so anew.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from faults.faults import Injector, LineInjector
from napari_ngff.core.problems import NgffError
from napari_ngff.storage import commit
from napari_ngff.storage.commit import files

if TYPE_CHECKING:
    from faults.scenario import Scenario

DONE, FAILED, REFUSED, INTERRUPTED = 0, 1, 3, 4


def main(name: str) -> None:
    module, _, attribute = name.partition(":")
    scenario: Scenario = getattr(importlib.import_module(module), attribute)
    gc.freeze()
    answer({"ready": name})
    for line in sys.stdin:
        answer(forked(scenario, json.loads(line)))


def answer(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def forked(scenario: Scenario, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Do all in one child; one whose answer is missing was killed."""
    tasks = Path("/proc/self/task")
    if tasks.is_dir() and len(list(tasks.iterdir())) > 1:
        raise RuntimeError("the scenario's module starts threads when it is imported")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with os.fdopen(writing, "w") as out:
            for request in requests:
                out.write(json.dumps(act(scenario, **request)) + "\n")
                out.flush()
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as lines:
        answers = [json.loads(line) for line in lines]
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    keep_imported([name for each in answers for name in each.pop("imported")])
    if len(answers) < len(requests):
        answers.append({"code": code})
    return answers


def keep_imported(names: list[str]) -> None:
    """Import what a child had to import, for those to come."""
    for name in names:
        importlib.import_module(name)
    if names:
        gc.freeze()


def _no_sync(descriptor: int) -> None:
    """Do nothing: not the power fails, but a call."""


def act(scenario: Scenario, *, folder: str, kind: str, point: int) -> dict[str, Any]:
    os.fsync = _no_sync  # what is slow here, and no fault that is injected can see
    injector = Injector(kind, point)
    files.before = injector
    tracer = LineInjector(str(Path(commit.__file__).parent), point)
    code, error, known = DONE, "", set(sys.modules)
    try:
        if kind == "line":
            sys.settrace(tracer)
        scenario.act(Path(folder))
    except NgffError as problem:
        code, error = REFUSED, f"{type(problem).__name__}: {problem}"
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BaseException:  # noqa: BLE001  (told by the test)
        code, error = FAILED, traceback.format_exc()
    finally:
        sys.settrace(None)
        files.before = None
    complete = kind == "none"
    return {
        "code": code,
        "calls": injector.names if complete else injector.names[: point + 1],
        "lines": tracer.lines,
        "error": error,
        "imported": imported_since(known) if complete else [],
    }


def imported_since(known: set[str]) -> list[str]:
    """Return the modules that were found and imported; others are made by these."""
    new = [each for each in sys.modules.items() if each[0] not in known]
    specs = [(name, getattr(module, "__spec__", None)) for name, module in new]
    return [name for name, spec in specs if spec and spec.name == name]


if __name__ == "__main__":
    main(sys.argv[1])
