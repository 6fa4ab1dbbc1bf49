output "function_name" {
  description = "Name of the function."
  value       = aws_lambda_function.indexer.function_name
}

output "alias_arn" {
  description = "What the schedule invokes."
  value       = aws_lambda_alias.live.arn
}

output "seed_secret_command" {
  description = "Puts the RPC URL into its secret: from a file or a prompt, so that no history keeps it."
  value       = "aws secretsmanager put-secret-value --secret-id ${aws_secretsmanager_secret.rpc.name} --secret-string file:///dev/stdin --region ${var.region}"
}

output "invoke_command" {
  description = "Runs the indexer now, whatever the schedule says."
  value       = "aws lambda invoke --function-name ${var.name}:${aws_lambda_alias.live.name} --payload '{\"force_rollup\":true}' --cli-binary-format raw-in-base64-out --cli-read-timeout ${var.timeout_seconds + 60} --region ${var.region} response.json"
}

output "tail_command" {
  description = "Follows the function's log."
  value       = "aws logs tail ${aws_cloudwatch_log_group.function.name} --follow --format short --region ${var.region}"
}

output "backfill_command" {
  description = "Starts a backfill of everything that was never scanned; empty unless backfill is true."
  value       = join("", [for machine in aws_sfn_state_machine.backfill : "aws stepfunctions start-execution --state-machine-arn ${machine.arn} --input '{}' --region ${var.region}"])
}

output "bucket_policy_statements" {
  description = "Statements to merge into the bucket's policy where manage_bucket_policy is false: a JSON list."
  value       = jsonencode(local.bucket_policy_statements)
}

output "bucket_lifecycle_rule" {
  description = "Rule to merge into the bucket's lifecycle configuration where manage_bucket_lifecycle is false and versioning is on: JSON."
  value       = jsonencode(local.bucket_lifecycle_rule)
}

output "bucket_lifecycle_rule_runs" {
  description = "Rule to merge into the bucket's lifecycle configuration where manage_bucket_lifecycle is false: removes records of runs after 400 days. JSON."
  value       = jsonencode(local.bucket_lifecycle_rule_runs)
}

output "refuse_private_function_arn" {
  description = "Viewer-request function for the distribution's behaviour of the documents."
  value       = aws_cloudfront_function.refuse_private.arn
}

output "response_headers_policy_id" {
  description = "Response headers policy for the page and for the behaviour of the documents."
  value       = aws_cloudfront_response_headers_policy.page.id
}

output "cache_policy_id" {
  description = "Cache policy for the behaviour of the documents."
  value       = aws_cloudfront_cache_policy.documents.id
}

output "failed_runs_queue_url" {
  description = "Runs that failed, with their error."
  value       = aws_sqs_queue.failed_runs.url
}

output "undelivered_queue_url" {
  description = "Scheduled runs that were never started."
  value       = aws_sqs_queue.undelivered.url
}
