# What the function may do: get and put below the prefix, list with a prefix, read its secrets, invalidate one distribution, write its own
# log, report a failed run, and use customer-managed keys through S3 and Secrets Manager only. It may delete nothing. Metrics are lines of
# the log and need no right.
locals {
  function_statements = concat(
    [
      {
        Sid      = "ReadAndWriteBelowThePrefix"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject"]
        Resource = ["${local.bucket_arn}/${var.prefix}*"]
      },
      {
        # Without it S3 answers 403, not 404, when an object is not there.
        Sid       = "TellAnAbsentObjectFromAForbiddenOne"
        Effect    = "Allow"
        Action    = ["s3:ListBucket"]
        Resource  = [local.bucket_arn]
        Condition = { StringLike = { "s3:prefix" = ["${var.prefix}*"] } }
      },
      {
        Sid      = "ReadItsSecrets"
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = local.secret_arns
      },
      {
        Sid      = "WriteItsLog"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = [for arn in concat([aws_cloudwatch_log_group.function.arn], [for group in aws_cloudwatch_log_group.backfill : group.arn]) : "${arn}:*"]
      },
      {
        Sid      = "ReportAFailedRun"
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [aws_sqs_queue.failed_runs.arn]
      },
    ],
    [for arn in [local.distribution_arn] : {
      Sid      = "InvalidateTheDistribution"
      Effect   = "Allow"
      Action   = ["cloudfront:CreateInvalidation"]
      Resource = [arn]
    } if var.cloudfront_distribution_id != ""],
    # A get decrypts, a put asks for a data key.
    [for key in [
      { sid = "UseTheBucketsKey", arn = var.bucket_kms_key_arn, via = "s3.${local.service_domain}", may = ["kms:Decrypt", "kms:GenerateDataKey"] },
      { sid = "UseTheSecretsKey", arn = var.secret_kms_key_arn, via = "secretsmanager.${local.service_domain}", may = ["kms:Decrypt"] },
      ] : {
      Sid       = key.sid
      Effect    = "Allow"
      Action    = key.may
      Resource  = [key.arn]
      Condition = { StringEquals = { "kms:ViaService" = key.via } }
    } if key.arn != ""],
  )

  # What the schedule may do: invoke the alias, and leave what it could not deliver.
  schedule_statements = [
    {
      Sid      = "InvokeTheAlias"
      Effect   = "Allow"
      Action   = ["lambda:InvokeFunction"]
      Resource = [aws_lambda_alias.live.arn]
    },
    {
      Sid      = "KeepWhatWasNotDelivered"
      Effect   = "Allow"
      Action   = ["sqs:SendMessage"]
      Resource = [aws_sqs_queue.undelivered.arn]
    },
  ]
}

resource "aws_iam_role" "function" {
  name        = var.name
  description = "The indexer's function."
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "function" {
  name   = "index"
  role   = aws_iam_role.function.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.function_statements })
}

resource "aws_iam_role" "schedule" {
  name        = "${var.name}-schedule"
  description = "The indexer's schedule."
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "scheduler.amazonaws.com" }
      Condition = {
        StringEquals = {
          "aws:SourceAccount" = local.account
          "aws:SourceArn"     = aws_scheduler_schedule_group.indexer.arn
        }
      }
    }]
  })
}

resource "aws_iam_role_policy" "schedule" {
  name   = "invoke"
  role   = aws_iam_role.schedule.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.schedule_statements })
}
