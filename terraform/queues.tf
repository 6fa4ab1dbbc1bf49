# Two queues for two faults: a run that failed (or that Lambda refused to start for too long), and a run that the scheduler could not hand
# over. They keep the evidence; the alarms no-success and errors tell of both faults.

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
