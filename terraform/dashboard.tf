# Queries for Logs Insights. A run leaves one line whose fields are all its figures, by the names of the enum Metric.
locals {
  run_line = "filter ispresent(RunSucceeded)"

  queries = {
    complaints = {
      title = "Warnings and errors"
      query = "fields @timestamp, level, message | filter level in ['WARN', 'ERROR'] | sort @timestamp desc | limit 100"
    }
    runs = {
      title = "What each run did"
      query = join(" | ", [
        local.run_line,
        "fields @timestamp, runId, RunSucceeded, RunPartial, RunMilliseconds, ColdStart, BlocksScanned, SessionsOpened, SessionsClosed, RowsAdded, RowsRefreshed, DocumentsWritten",
        "sort @timestamp desc",
        "limit 100",
      ])
    }
    chain = {
      title = "Requests to the chain's endpoints by the hour"
      query = join(" | ", [
        local.run_line,
        "stats sum(RpcRequests), sum(RpcCalls), sum(RpcErrors), sum(RpcRetries), sum(LogsOmitted) by bin(1h)",
      ])
    }
    standing = {
      title = "How things stood by the hour"
      query = join(" | ", [
        local.run_line,
        "stats max(CursorLagBlocks), max(CursorLagSeconds), max(CoverageGaps), max(StoreGeneration), sum(RunRewound), sum(RowsRetracted), max(SuspectRows), max(StuckSessions), min(ProofProven), sum(ReauditRowsFound), sum(StoreConflicts), sum(InvalidationFailed) by bin(1h)",
      ])
    }
  }

  dashboard_charts = [
    { title = "Runs that succeeded", stat = "Sum", namespace = local.metrics_namespace, metrics = ["RunSucceeded"] },
    { title = "Behind the chain (seconds)", stat = "Maximum", namespace = local.metrics_namespace, metrics = ["CursorLagSeconds"] },
    { title = "Proof", stat = "Minimum", namespace = local.metrics_namespace, metrics = ["ProofProven"] },
    { title = "Rows that endpoints left out", stat = "Sum", namespace = local.metrics_namespace, metrics = ["ReauditRowsFound"] },
    { title = "Starts", stat = "Sum", namespace = "AWS/Lambda", metrics = ["Invocations", "Errors", "Throttles"] },
    { title = "Time of a run (milliseconds)", stat = "Maximum", namespace = "AWS/Lambda", metrics = ["Duration"] },
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
        metrics = [for metric in chart.metrics : [chart.namespace, metric, "FunctionName", var.name]]
      }
    }],
    [for index, asked in values(local.queries) : {
      type   = "log"
      x      = 0
      y      = 15 + index * 6
      width  = 24
      height = 6
      properties = {
        title  = asked.title
        region = var.region
        view   = "table"
        query  = "SOURCE '${aws_cloudwatch_log_group.function.name}' | ${asked.query}"
      }
    }],
  )
}

resource "aws_cloudwatch_dashboard" "indexer" {
  count = var.dashboard ? 1 : 0

  dashboard_name = var.name
  dashboard_body = jsonencode({ widgets = local.dashboard_widgets })
}

resource "aws_cloudwatch_query_definition" "indexer" {
  for_each = local.queries

  name            = "${var.name}/${each.key}"
  log_group_names = [aws_cloudwatch_log_group.function.name]
  query_string    = each.value.query
}
