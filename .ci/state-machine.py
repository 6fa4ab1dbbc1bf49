"""Runs a state machine in moto's interpreter, with Lambda's part played by emulators of the runtime: state-machine.py DEFINITION INPUT URL[,URL...]

Prints status, output, error, cause and the history's events as JSON. An emulator is one environment: each takes one invocation at a time,
the one that has waited longest first. The first invocation whose event begins with REFUSE (such as "backfill") is refused for want of
concurrency, and the first that begins with BREAK ends like a function that was killed."""
import json, os, queue, socket, sys, time, urllib.error, urllib.request

definition, given, urls = sys.argv[1:]
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    os.environ["MOTO_PORT"] = str(free.getsockname()[1])  # before moto is loaded
os.environ.update({"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "key", "AWS_DEFAULT_REGION": "us-east-2"})

import boto3
from moto.awslambda_simple import models
from moto.core.config import default_user_config
from moto.core.exceptions import JsonRESTError
from moto.server import ThreadedMotoServer

idle = queue.Queue()
for url in urls.split(","):
    idle.put(url)
refuse, broken = [os.environ.get("REFUSE")], [os.environ.get("BREAK")]


class TooManyRequests(JsonRESTError):
    code = 429


def emulated(data):
    url = idle.get()
    try:
        for attempt in range(600):
            try:
                return urllib.request.urlopen(urllib.request.Request(url, data=data), timeout=300).read()
            except urllib.error.URLError as e:
                if attempt == 599 or not isinstance(e.reason, ConnectionRefusedError):
                    raise
                time.sleep(0.1)  # it does not listen yet
    finally:
        idle.put(url)


def invoke(self, function_name, qualifier, body, headers, response_headers):
    data = body if isinstance(body, bytes) else (body or "{}").encode()
    kind = next(iter(json.loads(data)), "")
    if kind in refuse:
        refuse.remove(kind)
        raise TooManyRequests("TooManyRequestsException", "Rate Exceeded.")
    answer = b'{"errorType":"Runtime.ExitError","errorMessage":"signal: killed"}' if kind in broken else emulated(data)
    if kind in broken:
        broken.remove(kind)
    if b'"errorType"' in answer:
        response_headers["x-amz-function-error"] = "Unhandled"
    return answer


models.LambdaSimpleBackend.invoke = invoke
default_user_config["stepfunctions"]["execute_state_machine"] = True
default_user_config["lambda"]["use_docker"] = False
ThreadedMotoServer(ip_address="127.0.0.1", port=int(os.environ["MOTO_PORT"]), verbose=False).start()
steps = boto3.client("stepfunctions", endpoint_url="http://127.0.0.1:" + os.environ["MOTO_PORT"])
role = "arn:aws:iam::123456789012:role/backfill"
machine = steps.create_state_machine(name="backfill", definition=open(definition).read(), roleArn=role)["stateMachineArn"]
execution = steps.start_execution(stateMachineArn=machine, input=given)["executionArn"]
while (state := steps.describe_execution(executionArn=execution))["status"] == "RUNNING":
    time.sleep(0.2)
events = steps.get_execution_history(executionArn=execution, maxResults=1000)["events"]
report = {key: state.get(key) for key in ("status", "output", "error", "cause")}
print(json.dumps({**report, "history": events}, default=str), flush=True)
os._exit(0)
