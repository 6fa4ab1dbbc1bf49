# The container alone. Its value, the RPC URL, is put by hand (see docs/operations.md), so it is in no state and in no plan.
resource "aws_secretsmanager_secret" "rpc" {
  name                    = "${var.name}-rpc"
  description             = "The chain's JSON-RPC URLs, comma-separated, as plain text."
  recovery_window_in_days = 7
}
