"""The local AWS, counting: `python bench/server.py PORT_FILE`.

`POST /bench` forgets what was counted; `GET /bench` tells the calls by service and operation since then, and the
seconds of processor time that this server spent: what a run took beyond these is the client's own share.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path

from sec_local.call import Call, Response
from sec_local.gateway import GATEWAY
from sec_local.server import serve


class Counts:
    """What was asked since it was last told to forget."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.began = time.process_time()

    async def count(self, call: Call) -> Response | None:
        """The gateway's first stage."""
        if call.path != "/bench":
            self.calls[f"{call.service}:{call.operation}"] += 1
            return None
        if call.method == "POST":
            self.calls.clear()
            self.began = time.process_time()
        told = {"calls": dict(self.calls), "seconds": time.process_time() - self.began}
        return 200, {"Content-Type": "application/json"}, json.dumps(told).encode()


if __name__ == "__main__":
    GATEWAY.stages.insert(0, Counts().count)
    serve(0, None, port_file=Path(sys.argv[1]))
