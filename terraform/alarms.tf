# Six alarms, one symptom each. Every metric of ours that is published costs as much as three alarms, so the program publishes what is
# read here and nothing else (the constants of the enum Metric that are published; a test keeps them in step); the rest of a run's figures
# is in its line of the log. Every alarm has a section in docs/operations.md.
locals {
  metrics_namespace  = "MorpheusThroughput"
  of_function        = { FunctionName = var.name }
  alarm_lag_seconds  = 3600
  alarm_time_percent = 80

  # Runs drift within their period, so that one period holds two of them and the next none: "in a row" is 2 of 3 periods. needed and
  # periods: how many of how many must be bad.
  alarms = {
    no-success = {
      says       = "No run has succeeded in ${3 * var.schedule_minutes} minutes: the documents are getting old."
      namespace  = local.metrics_namespace
      metric     = "RunSucceeded"
      statistic  = "Sum"
      comparison = "LessThanThreshold"
      threshold  = 1
      needed     = 3
      periods    = 3
      # While the schedule is paused nobody expects runs. An alarm that went off then would not go off again when it is enabled.
      missing = var.schedule_enabled ? "breaching" : "notBreaching"
    }
    errors = {
      says       = "Two runs in a row have failed."
      namespace  = "AWS/Lambda"
      metric     = "Errors"
      statistic  = "Sum"
      comparison = "GreaterThanThreshold"
      threshold  = 0
      needed     = 2
      periods    = 3
      missing    = "notBreaching"
    }
    duration = {
      says       = "Runs take more than ${local.alarm_time_percent} % of their ${var.timeout_seconds} seconds, or stop early for want of time."
      namespace  = "AWS/Lambda"
      metric     = "Duration"
      statistic  = "Maximum"
      comparison = "GreaterThanThreshold"
      threshold  = var.timeout_seconds * 10 * local.alarm_time_percent
      needed     = 2
      periods    = 3
      missing    = "notBreaching"
    }
    cursor-lag = {
      says       = "The cursor is more than ${local.alarm_lag_seconds / 60} minutes behind the chain."
      namespace  = local.metrics_namespace
      metric     = "CursorLagSeconds"
      statistic  = "Minimum"
      comparison = "GreaterThanThreshold"
      threshold  = local.alarm_lag_seconds
      needed     = 2
      periods    = 3
      missing    = "ignore"
    }
    proof = {
      says       = "The stored sessions are not proven complete."
      namespace  = local.metrics_namespace
      metric     = "ProofProven"
      statistic  = "Maximum"
      comparison = "LessThanThreshold"
      threshold  = 1
      needed     = 2
      periods    = 3
      missing    = "ignore"
    }
    rows-found = {
      says       = "Blocks that were read once more held events that an endpoint had left out."
      namespace  = local.metrics_namespace
      metric     = "ReauditRowsFound"
      statistic  = "Sum"
      comparison = "GreaterThanThreshold"
      threshold  = 0
      needed     = 1
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
  dimensions          = local.of_function
  statistic           = each.value.statistic
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  period              = local.period_seconds
  datapoints_to_alarm = each.value.needed
  evaluation_periods  = each.value.periods
  treat_missing_data  = each.value.missing
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns
}
