# Verifies webhooks that were captured: {secret, hooks: [{headers, body}]} on standard input; prints a line each.
import json
import sys

from standardwebhooks import Webhook, WebhookVerificationError

given = json.load(sys.stdin)
for hook in given["hooks"]:
    try:
        print(Webhook(given["secret"]).verify(hook["body"], hook["headers"])["type"])
    except WebhookVerificationError as e:
        print(e)
