# A group of its own, because the scheduler counts by group.
resource "aws_scheduler_schedule_group" "indexer" {
  name = var.name
}

resource "aws_scheduler_schedule" "indexer" {
  name                = var.name
  description         = "Runs the indexer every ${var.schedule_minutes} minutes."
  group_name          = aws_scheduler_schedule_group.indexer.name
  schedule_expression = "rate(${var.schedule_minutes} minutes)"
  state               = var.schedule_enabled ? "ENABLED" : "DISABLED"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    # Without an input of its own the scheduler sends its "Scheduled Event", which names this schedule in the run's report.
    arn      = aws_lambda_alias.live.arn
    role_arn = aws_iam_role.schedule.arn

    retry_policy {
      maximum_retry_attempts       = 1
      maximum_event_age_in_seconds = local.event_age_seconds
    }

    dead_letter_config {
      arn = aws_sqs_queue.undelivered.arn
    }
  }

  # The rights come first, or the scheduler refuses the role.
  depends_on = [aws_iam_role_policy.schedule]
}
