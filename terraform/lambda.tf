locals {
  package = "${path.module}/${var.package_file}"

  # By the names of config.env.example. AWS_REGION is set by Lambda itself; BASE_RPC_URL and USER_HASH_KEY come from the secrets.
  environment = merge(var.settings, {
    RPC_SECRET_ID              = aws_secretsmanager_secret.rpc.name
    STORE                      = "s3://${var.bucket}/${var.prefix}"
    NETWORK                    = var.network
    CLOUDFRONT_DISTRIBUTION_ID = var.cloudfront_distribution_id
    LOG_FORMAT                 = "json"
    LOG_LEVEL                  = var.log_level
    USER_HASH_KEY_SECRET_ID    = join("", [for secret in aws_secretsmanager_secret.user_hash_key : secret.name])
  })
}

resource "aws_cloudwatch_log_group" "function" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_kms_key_arn == "" ? null : var.log_kms_key_arn
}

resource "aws_lambda_function" "indexer" {
  function_name    = var.name
  description      = "Reads the marketplace's sessions from the chain and publishes what the network served."
  role             = aws_iam_role.function.arn
  filename         = local.package
  source_code_hash = filebase64sha256(local.package)
  handler          = "org.mor.throughput.lambda.Handler::handleRequest"
  runtime          = var.runtime
  architectures    = [var.architecture]
  memory_size      = var.memory_mb
  timeout          = var.timeout_seconds
  publish          = true

  reserved_concurrent_executions = var.reserved_concurrency

  environment {
    variables = local.environment
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.function.name
    # LOG_LEVEL decides in the program; a filter here could drop the lines that carry the metrics.
    application_log_level = "TRACE"
    system_log_level      = "INFO"
  }

  dynamic "snap_start" {
    for_each = var.snap_start ? ["PublishedVersions"] : []

    content {
      apply_on = snap_start.value
    }
  }

  lifecycle {
    precondition {
      condition     = var.timeout_seconds < local.period_seconds
      error_message = "timeout_seconds must be below schedule_minutes * 60, so that a run ends before the next one starts."
    }
  }
}

# What the schedule invokes. A deployment moves it to the new version, a rollback moves it back.
resource "aws_lambda_alias" "live" {
  name             = "live"
  description      = "The version that runs."
  function_name    = aws_lambda_function.indexer.function_name
  function_version = aws_lambda_function.indexer.version
}

# A failed run is not tried again: the next scheduled run does the same work.
resource "aws_lambda_function_event_invoke_config" "live" {
  function_name                = aws_lambda_function.indexer.function_name
  qualifier                    = aws_lambda_alias.live.name
  maximum_retry_attempts       = 0
  maximum_event_age_in_seconds = local.event_age_seconds

  destination_config {
    on_failure {
      destination = aws_sqs_queue.failed_runs.arn
    }
  }

  # The right to send comes first, or Lambda refuses the destination.
  depends_on = [aws_iam_role_policy.function]
}
