# terraform test (Terraform 1.7 or newer), without an account; package.zip is an empty one.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
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
    condition     = !aws_cloudwatch_metric_alarm.indexer["no-success"].actions_enabled
    error_message = "A pause that is meant alarms nobody."
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
