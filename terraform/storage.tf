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

  # The bucket's policy as it is, with its Id and Version. IAM allows a single statement without a list around it. Statements of ours
  # that were merged by hand are replaced, not repeated.
  bucket_policy_base = try(jsondecode(var.bucket_policy_base), {})
  own_sids           = [for statement in local.bucket_policy_statements : statement.Sid]
  other_statements = [
    for statement in flatten([try(local.bucket_policy_base.Statement, [])]) : statement
    if !contains(local.own_sids, try(statement.Sid, ""))
  ]
  bucket_policy = merge(local.bucket_policy_base, { Statement = concat(local.other_statements, local.bucket_policy_statements) })

  newest_versions = 10

  # Rows and state are kept for ever; the records of runs are not.
  runs_days = 400

  # The rules of the lifecycle configuration below, in the form of the S3 API.
  bucket_lifecycle_rule = {
    ID                          = "${var.name}-noncurrent"
    Status                      = "Enabled"
    Filter                      = { Prefix = var.prefix }
    NoncurrentVersionExpiration = { NoncurrentDays = var.noncurrent_days, NewerNoncurrentVersions = local.newest_versions }
  }

  # The rule above keeps the newest versions of an object; of an expired record none.
  bucket_lifecycle_rule_runs = {
    ID                          = "${var.name}-runs"
    Status                      = "Enabled"
    Filter                      = { Prefix = "${var.prefix}state/runs/" }
    Expiration                  = { Days = local.runs_days }
    NoncurrentVersionExpiration = { NoncurrentDays = var.noncurrent_days }
  }
}

# Destroying one of these three changes the whole shared bucket, whose site would answer 403 without its policy: Terraform refuses.
# docs/operations.md, "Taking it down", says how to hand them over.

resource "aws_s3_bucket_policy" "shared" {
  count = var.manage_bucket_policy ? 1 : 0

  bucket = var.bucket
  policy = jsonencode(local.bucket_policy)

  lifecycle {
    prevent_destroy = true

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

  lifecycle {
    prevent_destroy = true
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
      newer_noncurrent_versions = local.newest_versions
    }
  }

  # Exactly the records of runs: nothing else below state/ may ever expire.
  rule {
    id     = "${var.name}-runs"
    status = "Enabled"

    filter {
      prefix = "${var.prefix}state/runs/"
    }

    expiration {
      days = local.runs_days
    }

    noncurrent_version_expiration {
      noncurrent_days = var.noncurrent_days
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}
