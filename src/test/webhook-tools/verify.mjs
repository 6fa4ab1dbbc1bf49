// Verifies webhooks that were captured: {secret, hooks: [{headers, body}]} on standard input; prints a line each.
import { readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";
const { secret, hooks } = JSON.parse(readFileSync(0, "utf8"));
for (const { headers, body } of hooks) {
  try {
    console.log(new Webhook(secret).verify(body, headers).type);
  } catch (e) {
    console.log(e.message);
  }
}
