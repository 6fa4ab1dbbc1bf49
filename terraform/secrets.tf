# The containers alone. Their values are put by hand (see docs/operations.md), so they are in no state and in no plan.
locals {
  secret_kms_key_id = var.secret_kms_key_arn == "" ? null : var.secret_kms_key_arn
  secret_arns       = concat([aws_secretsmanager_secret.rpc.arn], [for secret in aws_secretsmanager_secret.user_hash_key : secret.arn])
}

resource "aws_secretsmanager_secret" "rpc" {
  name                    = "${var.name}-rpc"
  description             = "The chain's JSON-RPC URLs, comma-separated, as plain text."
  kms_key_id              = local.secret_kms_key_id
  recovery_window_in_days = 7
}

# Without this key every wallet would look new, and with user_hash_key_secret off again wallets would be stored plain: Terraform
# refuses to destroy it.
resource "aws_secretsmanager_secret" "user_hash_key" {
  count = var.user_hash_key_secret ? 1 : 0

  name                    = "${var.name}-user-hash-key"
  description             = "USER_HASH_KEY as plain text; never changed once rows are stored with it."
  kms_key_id              = local.secret_kms_key_id
  recovery_window_in_days = 30

  lifecycle {
    prevent_destroy = true
  }
}
