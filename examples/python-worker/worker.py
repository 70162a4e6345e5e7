"""A worker for Lockstep in plain Python 3: nothing but the standard library.

It registers, takes jobs of one kind, reports that it lives and how far it has come, leaves a file, and settles what it did.
Change `run` to do your work. See docs/worker-protocol.md for what each call answers.

    LOCKSTEP_URL=http://127.0.0.1:5000 python3 worker.py
"""

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
    """The server answered, and said no. Its `code` never changes its meaning."""

    def __init__(self, status, problem):
        super().__init__(problem.get("detail", status))
        self.status, self.code = status, problem.get("code")


class Stopped(Exception):
    """The job was cancelled, or belongs to somebody else by now."""


def call(method, path, body=None, content=None):
    """One request. Raises Refused when the server says no, OSError when it cannot be reached."""
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
            raise OSError("the server is not well: %s" % error.code) from error
        raise Refused(error.code, problem) from None


def until_answered(method, path, body=None):
    """Asks again until the server answers. Only for calls that may be repeated: settling may."""
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
        """Says how far it has come. Raises Stopped when there is no point in going on."""
        self.fraction, self.message = fraction, message
        if self.recall:
            raise Stopped(self.recall)

    def write_file(self, name, content):
        """Leaves a file with the job. Raises Refused with the code FENCED when the job is somebody else's by now."""
        path = "/api/workers/%s/jobs/%s/artifacts/%s?attempt=%d"
        call("PUT", path % (self.worker_id, self.id, urllib.parse.quote(name), self.attempt), content=content)

    def held(self):
        return {
            "job_id": self.id,
            "attempt": self.attempt,
            "progress": {"fraction": self.fraction, "message": self.message},
        }


def run(job):
    """The work itself: counts to `steps`, and leaves a file."""
    steps = int(job.input.get("steps", 10))
    for step in range(steps):
        job.progress(step / steps, "%d of %d steps" % (step, steps))
        time.sleep(float(job.input.get("seconds", 0.1)))
    job.write_file("counted.txt", ("\n".join(map(str, range(steps))) + "\n").encode())
    return {"steps": steps, "pid": os.getpid()}


def keep_alive(job, seconds, done):
    """Tells the server that this worker lives and holds the job, until it is done."""
    while not done.wait(seconds):
        try:
            answer = call("POST", "/api/workers/%s/heartbeat" % job.worker_id, {"held": [job.held()]})
            job.recall = job.recall or answer["jobs"][0]["recall"]
        except Refused:
            job.recall = "fenced"  # The server took this worker for lost.
        except OSError:
            pass  # Cut off: go on, and let the settlement tell.


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
    except Exception as error:  # Whatever the work raised is why it failed.
        return {"type": "failed", "error": {"name": type(error).__name__, "message": str(error)}}


def work(worker_id, heartbeat_seconds):
    """Takes jobs one after the other, until the server no longer knows this worker."""
    while True:
        try:
            claimed = call("POST", "/api/workers/%s/claim" % worker_id, {"limit": 1, "wait": 20})["jobs"]
        except OSError:
            time.sleep(1)
            continue
        for each in claimed:
            job, done = Job(worker_id, each), threading.Event()
            beat = threading.Thread(target=keep_alive, args=(job, heartbeat_seconds, done), daemon=True)
            beat.start()
            outcome = attempt(job)
            done.set()
            beat.join()
            if outcome is None:
                print("job %s attempt %d: fenced. It is somebody else's by now." % (job.id, job.attempt), flush=True)
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
            # It was silent for too long, and its jobs were given to others. Begin anew.


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
