# terraform test (Terraform 1.7 or newer), without an account; package.zip is an empty one.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
}

variables {
  package_file = "tests/package.zip"
}

run "defaults" {
  command = plan

  assert {
    condition     = aws_lambda_function.indexer.timeout < var.schedule_minutes * 60
    error_message = "A run must end before the next one starts."
  }

  assert {
    condition     = aws_lambda_function.indexer.reserved_concurrent_executions == 1
    error_message = "One run at a time."
  }

  assert {
    condition     = aws_scheduler_schedule.indexer.state == "ENABLED"
    error_message = "The schedule is on."
  }

  assert {
    condition     = length(aws_lambda_function.indexer.snap_start) == 0
    error_message = "SnapStart is off unless asked for."
  }

  assert {
    condition     = length(aws_s3_bucket_policy.shared) + length(aws_s3_bucket_versioning.shared) + length(aws_s3_bucket_lifecycle_configuration.shared) == 0
    error_message = "The shared bucket is left alone unless asked for."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.indexer : strcontains(alarm.alarm_description, "#alarm-")])
    error_message = "Every alarm leads to its section of the runbook."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.indexer : alarm.dimensions == tomap({ FunctionName = var.name })])
    error_message = "Alarms of two deployments in one account watch their own function."
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.indexer) <= 6 && length(aws_cloudwatch_dashboard.indexer) == 0
    error_message = "What costs by the piece is kept small."
  }

  assert {
    condition     = length(aws_secretsmanager_secret.user_hash_key) == 0 && aws_lambda_function.indexer.environment[0].variables["USER_HASH_KEY_SECRET_ID"] == ""
    error_message = "There is no key for wallets unless asked for."
  }

  assert {
    condition     = length(aws_sfn_state_machine.backfill) + length(aws_lambda_function.backfill) == 0
    error_message = "There is no state machine unless asked for."
  }

  assert {
    condition     = aws_cloudfront_cache_policy.documents.max_ttl >= 31536000
    error_message = "Immutable files are kept at the edge as long as they say."
  }
}

run "backfill" {
  command = plan

  variables {
    backfill             = true
    backfill_concurrency = 7
  }

  assert {
    condition     = aws_lambda_function.backfill[0].reserved_concurrent_executions == 7 && aws_lambda_function.indexer.reserved_concurrent_executions == 1
    error_message = "A backfill never takes the scheduled function's concurrency."
  }
}

run "everything" {
  command = plan

  variables {
    manage_bucket_policy       = true
    manage_bucket_versioning   = true
    manage_bucket_lifecycle    = true
    bucket_policy_base         = "{\"Version\":\"2008-10-17\",\"Id\":\"site\",\"Statement\":{\"Sid\":\"Cdn\",\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::prd-tech-website/*\"}}"
    bucket_kms_key_arn         = "arn:aws:kms:us-east-2:123456789012:key/11111111-2222-3333-4444-555555555555"
    secret_kms_key_arn         = "arn:aws:kms:us-east-2:123456789012:key/11111111-2222-3333-4444-555555555555"
    log_kms_key_arn            = "arn:aws:kms:us-east-2:123456789012:key/11111111-2222-3333-4444-555555555555"
    cloudfront_distribution_id = "E1A2B3C4D5E6F7"
    user_hash_key_secret       = true
    dashboard                  = true
    snap_start                 = true
    alarm_topic_arns           = ["arn:aws:sns:us-east-2:123456789012:on-call"]
  }

  assert {
    condition     = jsondecode(aws_s3_bucket_policy.shared[0].policy).Id == "site" && jsondecode(aws_s3_bucket_policy.shared[0].policy).Version == "2008-10-17"
    error_message = "The bucket's policy keeps its Id and Version."
  }

  assert {
    condition     = [for statement in jsondecode(aws_s3_bucket_policy.shared[0].policy).Statement : statement.Sid][0] == "Cdn" && length(jsondecode(aws_s3_bucket_policy.shared[0].policy).Statement) == 4
    error_message = "A single statement is kept, before ours."
  }

  assert {
    condition     = aws_lambda_function.indexer.environment[0].variables["USER_HASH_KEY_SECRET_ID"] == "prd-morpheus-throughput-indexer-user-hash-key"
    error_message = "The function is told where the key is, not the key."
  }

  assert {
    condition     = length(aws_cloudwatch_dashboard.indexer) == 1
    error_message = "The dashboard can be had."
  }
}

run "paused" {
  command = plan

  variables {
    schedule_enabled = false
  }

  assert {
    condition     = aws_scheduler_schedule.indexer.state == "DISABLED"
    error_message = "The schedule can be paused."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.indexer["no-success"].treat_missing_data == "notBreaching"
    error_message = "A pause that is meant is no alarm, so that the first one after it is told."
  }
}

run "refuses_a_timeout_beyond_the_period" {
  command = plan

  variables {
    timeout_seconds  = 900
    schedule_minutes = 15
  }

  expect_failures = [aws_lambda_function.indexer]
}

run "refuses_the_url_among_the_settings" {
  command = plan

  variables {
    settings = { BASE_RPC_URL = "https://example.com" }
  }

  expect_failures = [var.settings]
}

run "refuses_to_wipe_the_bucket_policy" {
  command = plan

  variables {
    manage_bucket_policy = true
  }

  expect_failures = [aws_s3_bucket_policy.shared]
}

run "refuses_a_statement_that_is_none" {
  command = plan

  variables {
    bucket_policy_base = "{\"Statement\":\"none\"}"
  }

  expect_failures = [var.bucket_policy_base]
}

run "refuses_the_key_that_was_plain_in_the_state" {
  command = plan

  variables {
    user_hash_key = "sixteen-characters"
  }

  expect_failures = [var.user_hash_key]
}

run "refuses_the_alias_of_a_key" {
  command = plan

  variables {
    bucket_kms_key_arn = "arn:aws:kms:us-east-2:123456789012:alias/site"
  }

  expect_failures = [var.bucket_kms_key_arn]
}
