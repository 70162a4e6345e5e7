"""A worker for Lockstep in plain Python 3, with only the standard library.

It registers, claims jobs of one kind, sends heartbeats with its progress, stores a file, and settles the outcome.
Change `run` to do your work. docs/worker-protocol.md describes the answer of each call.

    LOCKSTEP_URL=http://127.0.0.1:5000 python3 worker.py
"""

import http.client
import json
import os
import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

URL = os.environ.get("LOCKSTEP_URL", "http://127.0.0.1:5000").rstrip("/")
TOKEN = os.environ.get("LOCKSTEP_TOKEN")
KIND = os.environ.get("LOCKSTEP_KIND", "python")
SILENCE_SECONDS = 40  # longer than the longest wait for a job


class Refused(Exception):
    """The server refused the request. The meaning of its `code` never changes."""

    def __init__(self, status, problem):
        super().__init__(problem.get("detail", status))
        self.status, self.code = status, problem.get("code")


class Stopped(Exception):
    """The job was cancelled, or another worker has it now."""


def call(method, path, body=None, content=None):
    """One request. Raises Refused when the server refuses it, OSError when the server cannot be reached."""
    data = json.dumps(body).encode() if body is not None else content
    request = urllib.request.Request(URL + path, data=data, method=method)
    request.add_header("content-type", "application/json" if body is not None else "application/octet-stream")
    if TOKEN:
        request.add_header("authorization", "Bearer " + TOKEN)
    try:
        with urllib.request.urlopen(request, timeout=SILENCE_SECONDS) as response:
            text = response.read()
            return json.loads(text) if text else None
    except urllib.error.HTTPError as error:
        try:
            problem = json.loads(error.read() or b"{}")
        except ValueError:
            problem = {}
        if error.code >= 500:
            raise OSError("the server has an error: %s" % error.code) from error
        raise Refused(error.code, problem) from None
    except http.client.HTTPException as error:
        raise OSError("the connection ended in the middle of an answer") from error


def until_answered(method, path, body=None):
    """Repeats the call until the server answers. Only for calls that may be repeated, such as settle."""
    while True:
        try:
            return call(method, path, body)
        except OSError:
            time.sleep(1)


class Job:
    """One attempt of one job, while it runs."""

    def __init__(self, worker_id, claimed):
        self.worker_id, self.id, self.attempt = worker_id, claimed["id"], claimed["attempt"]
        self.input = claimed["input"]
        self.recall = None
        self.fraction, self.message = 0.0, None

    def progress(self, fraction, message=None):
        """Reports progress. Raises Stopped when the job must stop."""
        self.fraction, self.message = fraction, message
        if self.recall:
            raise Stopped(self.recall)

    def write_file(self, name, content):
        """Stores a file with the job. Raises Refused with the code FENCED when another worker has the job now."""
        path = "/api/workers/%s/jobs/%s/artifacts/%s?attempt=%d"
        call("PUT", path % (self.worker_id, self.id, urllib.parse.quote(name), self.attempt), content=content)

    def held(self):
        return {
            "job_id": self.id,
            "attempt": self.attempt,
            "progress": {"fraction": self.fraction, "message": self.message},
        }


def run(job):
    """The work: counts to `steps`, and stores a file."""
    steps = int(job.input.get("steps", 10))
    for step in range(steps):
        job.progress(step / steps, "%d of %d steps" % (step, steps))
        time.sleep(float(job.input.get("seconds", 0.1)))
    job.write_file("counted.txt", ("\n".join(map(str, range(steps))) + "\n").encode())
    return {"steps": steps, "pid": os.getpid()}


def keep_alive(job, seconds, done):
    """Sends heartbeats that name the job until it is done."""
    while not done.wait(seconds):
        try:
            answer = call("POST", "/api/workers/%s/heartbeat" % job.worker_id, {"held": [job.held()]})
            job.recall = job.recall or answer["jobs"][0]["recall"]
        except Refused:
            job.recall = "fenced"  # The server counts this worker as lost.
        except OSError:
            pass  # No connection: continue; the settlement will show the result.


def attempt(job):
    """Runs a job. Returns its outcome."""
    try:
        return {"type": "completed", "output": run(job)}
    except Stopped as stopped:
        return {"type": "cancelled"} if str(stopped) == "cancel_requested" else None
    except Refused as refused:
        if refused.code == "FENCED":
            return None
        return {"type": "failed", "error": {"name": "Refused", "message": str(refused), "code": refused.code}}
    except Exception as error:  # Any exception of the work is the error of the job.
        return {"type": "failed", "error": {"name": type(error).__name__, "message": str(error)}}


def work(worker_id, heartbeat_seconds):
    """Claims jobs one after the other, until the server no longer knows this worker."""
    while True:
        try:
            claimed = call("POST", "/api/workers/%s/claim" % worker_id, {"limit": 1, "wait": 20})["jobs"]
        except OSError:
            time.sleep(1)
            continue
        for each in claimed:
            job, done = Job(worker_id, each), threading.Event()
            print("job %s attempt %d: started" % (job.id, job.attempt), flush=True)
            beat = threading.Thread(target=keep_alive, args=(job, heartbeat_seconds, done), daemon=True)
            beat.start()
            outcome = attempt(job)
            done.set()
            beat.join()
            if outcome is None:
                print("job %s attempt %d: fenced. Another worker has it now." % (job.id, job.attempt), flush=True)
                continue
            settlement = {"job_id": job.id, "attempt": job.attempt, "outcome": outcome}
            answer = until_answered("POST", "/api/workers/%s/settle" % worker_id, {"settlements": [settlement]})
            receipt = answer["receipts"][0]
            print("job %s attempt %d: %s. %s" % (job.id, job.attempt, receipt["result"], receipt["why"]), flush=True)


def main():
    while True:
        about = {"name": "python-worker", "host": socket.gethostname(), "pid": os.getpid(), "kinds": [KIND]}
        me = until_answered("POST", "/api/workers", about)
        print("worker %s takes jobs of kind %s" % (me["id"], KIND), flush=True)
        try:
            work(me["id"], me["heartbeat_seconds"])
        except Refused as refused:
            if refused.code != "WORKER_NOT_FOUND":
                raise
            # It was silent for too long, and other workers got its jobs. Register again.


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
