locals {
  dashboard_charts = [
    { title = "Runs", stat = "Sum", metrics = ["RunSucceeded", "RunPartial", "ColdStart"] },
    { title = "Behind the chain (seconds)", stat = "Maximum", metrics = ["CursorLagSeconds"] },
    { title = "Proof and gaps", stat = "Minimum", metrics = ["ProofProven", "CoverageGaps"] },
    { title = "Time of a run (milliseconds)", stat = "Maximum", metrics = ["RunMilliseconds"] },
    { title = "Sessions seen", stat = "Sum", metrics = ["SessionsOpened", "SessionsClosed"] },
    { title = "Stuck sessions", stat = "Maximum", metrics = ["StuckSessions"] },
    { title = "Chain requests", stat = "Sum", metrics = ["RpcRequests", "RpcCalls", "RpcRetries", "RpcErrors"] },
    { title = "Rows and documents written", stat = "Sum", metrics = ["RowsAdded", "RowsRefreshed", "DocumentsWritten"] },
    { title = "What endpoints left out", stat = "Sum", metrics = ["LogsOmitted", "ReauditRowsFound"] },
    { title = "Blocks scanned", stat = "Sum", metrics = ["BlocksScanned"] },
    { title = "Other writers and the CDN", stat = "Sum", metrics = ["StoreConflicts", "InvalidationFailed"] },
  ]

  dashboard_widgets = concat(
    [{
      type       = "alarm"
      x          = 0
      y          = 0
      width      = 24
      height     = 3
      properties = { title = "Alarms", alarms = [for alarm in aws_cloudwatch_metric_alarm.indexer : alarm.arn] }
    }],
    [for index, chart in local.dashboard_charts : {
      type   = "metric"
      x      = index % 3 * 8
      y      = 3 + floor(index / 3) * 6
      width  = 8
      height = 6
      properties = {
        title   = chart.title
        region  = var.region
        stat    = chart.stat
        period  = local.period_seconds
        metrics = [for metric in chart.metrics : [local.metrics_namespace, metric, "Network", var.network]]
      }
    }],
  )
}

resource "aws_cloudwatch_dashboard" "indexer" {
  dashboard_name = var.name
  dashboard_body = jsonencode({ widgets = local.dashboard_widgets })
}

resource "aws_cloudwatch_query_definition" "complaints" {
  name            = "${var.name}/complaints"
  log_group_names = [aws_cloudwatch_log_group.function.name]
  query_string    = "fields @timestamp, level, message | filter level in ['WARN', 'ERROR'] | sort @timestamp desc | limit 100"
}
