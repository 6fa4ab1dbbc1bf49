# Names of the program's metrics are those of the enum Metric; a test keeps them in step. Every alarm has a section in docs/operations.md.
locals {
  metrics_namespace  = "MorpheusThroughput"
  of_network         = { Network = var.network }
  of_function        = { FunctionName = var.name }
  alarm_lag_seconds  = 3600
  alarm_time_percent = 80

  alarms = {
    no-success = {
      says       = "No run has succeeded in ${3 * var.schedule_minutes} minutes: the documents are getting old."
      namespace  = local.metrics_namespace
      metric     = "RunSucceeded"
      dimensions = local.of_network
      statistic  = "Sum"
      comparison = "LessThanThreshold"
      threshold  = 1
      periods    = 3
      missing    = "breaching"
    }
    errors = {
      says       = "Two runs in a row have failed."
      namespace  = "AWS/Lambda"
      metric     = "Errors"
      dimensions = local.of_function
      statistic  = "Sum"
      comparison = "GreaterThanThreshold"
      threshold  = 0
      periods    = 2
      missing    = "notBreaching"
    }
    duration = {
      says       = "A run took more than ${local.alarm_time_percent} % of its ${var.timeout_seconds} seconds."
      namespace  = "AWS/Lambda"
      metric     = "Duration"
      dimensions = local.of_function
      statistic  = "Maximum"
      comparison = "GreaterThanThreshold"
      threshold  = var.timeout_seconds * 10 * local.alarm_time_percent
      periods    = 2
      missing    = "notBreaching"
    }
    throttles = {
      says       = "Runs are refused because another one is still going, or the account has no room."
      namespace  = "AWS/Lambda"
      metric     = "Throttles"
      dimensions = local.of_function
      statistic  = "Sum"
      comparison = "GreaterThanThreshold"
      threshold  = 0
      periods    = 2
      missing    = "notBreaching"
    }
    cursor-lag = {
      says       = "The cursor is more than ${local.alarm_lag_seconds / 60} minutes behind the chain."
      namespace  = local.metrics_namespace
      metric     = "CursorLagSeconds"
      dimensions = local.of_network
      statistic  = "Minimum"
      comparison = "GreaterThanThreshold"
      threshold  = local.alarm_lag_seconds
      periods    = 2
      missing    = "ignore"
    }
    run-partial = {
      says       = "For an hour, runs have been stopping early for want of time."
      namespace  = local.metrics_namespace
      metric     = "RunPartial"
      dimensions = local.of_network
      statistic  = "Sum"
      comparison = "GreaterThanThreshold"
      threshold  = 0
      periods    = 4
      missing    = "ignore"
    }
    proof = {
      says       = "For an hour, the stored sessions have not been proven complete."
      namespace  = local.metrics_namespace
      metric     = "ProofProven"
      dimensions = local.of_network
      statistic  = "Maximum"
      comparison = "LessThanThreshold"
      threshold  = 1
      periods    = 4
      missing    = "ignore"
    }
    rows-found = {
      says       = "Blocks that were read once more held events that an endpoint had left out."
      namespace  = local.metrics_namespace
      metric     = "ReauditRowsFound"
      dimensions = local.of_network
      statistic  = "Sum"
      comparison = "GreaterThanThreshold"
      threshold  = 0
      periods    = 1
      missing    = "notBreaching"
    }
    invalidation = {
      says       = "The CDN refuses to forget old documents."
      namespace  = local.metrics_namespace
      metric     = "InvalidationFailed"
      dimensions = local.of_network
      statistic  = "Sum"
      comparison = "GreaterThanThreshold"
      threshold  = 0
      periods    = 2
      missing    = "ignore"
    }
    failed-runs = {
      says       = "A failed run waits in its queue to be looked at."
      namespace  = "AWS/SQS"
      metric     = "ApproximateNumberOfMessagesVisible"
      dimensions = { QueueName = aws_sqs_queue.failed_runs.name }
      statistic  = "Maximum"
      comparison = "GreaterThanThreshold"
      threshold  = 0
      periods    = 1
      missing    = "notBreaching"
    }
    undelivered = {
      says       = "A scheduled run was never started and waits in its queue to be looked at."
      namespace  = "AWS/SQS"
      metric     = "ApproximateNumberOfMessagesVisible"
      dimensions = { QueueName = aws_sqs_queue.undelivered.name }
      statistic  = "Maximum"
      comparison = "GreaterThanThreshold"
      threshold  = 0
      periods    = 1
      missing    = "notBreaching"
    }
    schedule-dropped = {
      says       = "The scheduler has given up on starting a run."
      namespace  = "AWS/Scheduler"
      metric     = "InvocationDroppedCount"
      dimensions = { ScheduleGroup = aws_scheduler_schedule_group.indexer.name }
      statistic  = "Sum"
      comparison = "GreaterThanThreshold"
      threshold  = 0
      periods    = 1
      missing    = "notBreaching"
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "indexer" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = "${each.value.says} Runbook: ${var.runbook_url}#alarm-${each.key}"
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  period              = local.period_seconds
  evaluation_periods  = each.value.periods
  treat_missing_data  = each.value.missing

  # While the schedule is paused nobody expects runs.
  actions_enabled = each.key == "no-success" ? var.schedule_enabled : true
  alarm_actions   = var.alarm_topic_arns
  ok_actions      = var.alarm_topic_arns
}
