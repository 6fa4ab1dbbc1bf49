locals {
  bucket_policy_statements = [
    {
      # Another writer, or an old program, cannot overwrite rows or state blindly. Parts of a multipart upload carry no condition;
      # its completion does.
      Sid       = "ThroughputRefusesUnconditionalPuts"
      Effect    = "Deny"
      Principal = "*"
      Action    = ["s3:PutObject"]
      Resource  = local.private_objects
      Condition = {
        Null = { "s3:if-match" = "true", "s3:if-none-match" = "true" }
        Bool = { "s3:ObjectCreationOperation" = "true" }
      }
    },
    {
      Sid       = "ThroughputRefusesTheCdnItsRowsAndState"
      Effect    = "Deny"
      Principal = { Service = "cloudfront.amazonaws.com" }
      Action    = ["s3:GetObject", "s3:GetObjectVersion"]
      Resource  = local.private_objects
    },
    {
      # Also the public, other accounts and a CDN with the older origin access identity: none of them has this account's id.
      Sid       = "ThroughputRefusesOthersItsRowsAndState"
      Effect    = "Deny"
      Principal = "*"
      Action    = ["s3:GetObject", "s3:GetObjectVersion"]
      Resource  = local.private_objects
      Condition = { StringNotEquals = { "aws:PrincipalAccount" = local.account } }
    },
  ]

  bucket_policy = {
    Version = "2012-10-17"
    Statement = concat(
      try(jsondecode(var.bucket_policy_base).Statement, []),
      local.bucket_policy_statements,
    )
  }
}

resource "aws_s3_bucket_policy" "shared" {
  count = var.manage_bucket_policy ? 1 : 0

  bucket = var.bucket
  policy = jsonencode(local.bucket_policy)

  lifecycle {
    precondition {
      condition     = var.bucket_policy_base != ""
      error_message = "manage_bucket_policy replaces the whole policy: give the bucket's other statements in bucket_policy_base."
    }
  }
}

resource "aws_s3_bucket_versioning" "shared" {
  count = var.manage_bucket_versioning ? 1 : 0

  bucket = var.bucket

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "shared" {
  count = var.manage_bucket_lifecycle ? 1 : 0

  bucket = var.bucket

  rule {
    id     = "${var.name}-noncurrent"
    status = "Enabled"

    filter {
      prefix = var.prefix
    }

    noncurrent_version_expiration {
      noncurrent_days           = var.noncurrent_days
      newer_noncurrent_versions = 10
    }
  }
}
