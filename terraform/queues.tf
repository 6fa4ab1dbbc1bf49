# Two queues for two faults: a run that failed, and a run that was never started. Alarms watch both.

resource "aws_sqs_queue" "failed_runs" {
  name                      = "${var.name}-failed-runs"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue" "undelivered" {
  name                      = "${var.name}-undelivered"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}
