# Off unless var.backfill: a second function of the same zip with its own concurrency, so that a backfill never throttles the scheduled
# one, and the state machine that calls it. An execution keeps its whole history for 90 days, so there is no log of its own.
resource "aws_cloudwatch_log_group" "backfill" {
  count = var.backfill ? 1 : 0

  name              = "/aws/lambda/${var.name}-backfill"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_kms_key_arn == "" ? null : var.log_kms_key_arn
}

resource "aws_lambda_function" "backfill" {
  count = var.backfill ? 1 : 0

  function_name    = "${var.name}-backfill"
  description      = "Scans ranges of blocks for the state machine of the same name."
  role             = aws_iam_role.function.arn
  filename         = local.package
  source_code_hash = filebase64sha256(local.package)
  handler          = "org.mor.throughput.lambda.Handler::handleRequest"
  runtime          = var.runtime
  architectures    = [var.architecture]
  memory_size      = var.memory_mb
  timeout          = var.backfill_timeout_seconds

  reserved_concurrent_executions = var.reserved_concurrency == -1 ? -1 : var.backfill_concurrency

  environment {
    variables = local.environment
  }

  logging_config {
    log_format            = "JSON"
    log_group             = join("", [for group in aws_cloudwatch_log_group.backfill : group.name])
    application_log_level = "TRACE"
    system_log_level      = "INFO"
  }

  lifecycle {
    precondition {
      condition     = var.reserved_concurrency != -1 || var.backfill_concurrency <= 2
      error_message = "Without reserved concurrency, backfill_concurrency must be 2 or less, so that a backfill does not take the account's whole limit from the scheduled function."
    }
  }
}

locals {
  backfill_arns = [for function in aws_lambda_function.backfill : function.arn]
}

resource "aws_iam_role" "backfill" {
  count = var.backfill ? 1 : 0

  name        = "${var.name}-backfill"
  description = "The state machine that backfills."
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "states.amazonaws.com" }
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account }
        ArnEquals    = { "aws:SourceArn" = "arn:${local.partition}:states:${var.region}:${local.account}:stateMachine:${var.name}-backfill" }
      }
    }]
  })
}

resource "aws_iam_role_policy" "backfill" {
  count = var.backfill ? 1 : 0

  name = "invoke"
  role = join("", [for role in aws_iam_role.backfill : role.id])
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "InvokeTheBackfill", Effect = "Allow", Action = ["lambda:InvokeFunction"], Resource = local.backfill_arns }]
  })
}

resource "aws_sfn_state_machine" "backfill" {
  count = var.backfill ? 1 : 0

  name     = "${var.name}-backfill"
  role_arn = join("", [for role in aws_iam_role.backfill : role.arn])

  # A range stops a minute before the function's timeout. 5 answers in part are one round; what is left is planned anew, three times.
  definition = templatefile("${path.module}/backfill.asl.json", {
    function_arn  = join("", local.backfill_arns)
    concurrency   = tostring(var.backfill_concurrency)
    task_seconds  = tostring(var.backfill_timeout_seconds + 60)
    retry_seconds = "10"
    rounds        = "3"
    turns         = "5"
  })

  # The rights come first, or Step Functions refuses the role.
  depends_on = [aws_iam_role_policy.backfill]
}
