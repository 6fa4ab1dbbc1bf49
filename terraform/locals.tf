locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition

  # Behind the name of a service in the condition kms:ViaService.
  service_domain = "${var.region}.${data.aws_partition.current.dns_suffix}"

  bucket_arn = "arn:${local.partition}:s3:::${var.bucket}"

  # Rows and state: never public, never written without a condition.
  private_prefixes = ["${var.prefix}raw/", "${var.prefix}state/"]
  private_objects  = [for prefix in local.private_prefixes : "${local.bucket_arn}/${prefix}*"]

  distribution_arn = "arn:${local.partition}:cloudfront::${local.account}:distribution/${var.cloudfront_distribution_id}"

  period_seconds = var.schedule_minutes * 60

  # Short lives for events: the next run does what a lost one would have done.
  event_age_seconds = max(60, min(600, local.period_seconds - 60))
}
