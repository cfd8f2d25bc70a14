"""Runs inside the AWS command line's own environment: many commands, one process.

Each line of standard input is a JSON list of arguments as `aws` takes them; each line of standard output is a JSON
object with ``code``, ``out`` and ``err``. What runs is the command line's own driver, as `aws` itself calls it.
"""

import contextlib
import io
import json
import sys

from awscli.clidriver import create_clidriver


def run(arguments: list[str]) -> dict[str, object]:
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = create_clidriver().main(arguments)
        except SystemExit as ended:
            code = ended.code
    texts = [stream.buffer.getvalue().decode() for stream in (out, err)]
    return {"code": code or 0, "out": texts[0], "err": texts[1]}


for line in sys.stdin:
    answer = run(json.loads(line))
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
