# Parts of the shared bucket's configuration. AWS keeps one policy and one lifecycle configuration a bucket, so each of these replaces
# what is there; they are off, and outputs hold what to merge by hand instead. Once on, Terraform refuses to turn one off.

variable "manage_bucket_policy" {
  description = "Put the bucket policy from here. It replaces the whole policy of the bucket: bucket_policy_base must hold the rest."
  type        = bool
  default     = false
  nullable    = false
}

variable "bucket_policy_base" {
  description = "The bucket's policy as it is now, in JSON (aws s3api get-bucket-policy); used with manage_bucket_policy."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition = var.bucket_policy_base == "" || try(alltrue([
      for statement in flatten([jsondecode(var.bucket_policy_base).Statement]) : contains(["Allow", "Deny"], statement.Effect)
    ]), false)
    error_message = "bucket_policy_base is a JSON policy document whose Statement is one statement or a list of them."
  }
}

variable "manage_bucket_versioning" {
  description = "Turn on versioning for the whole bucket: restoring a partition needs it. Old versions pile up without the lifecycle rule."
  type        = bool
  default     = false
  nullable    = false
}

variable "manage_bucket_lifecycle" {
  description = "Put the lifecycle configuration from here. It replaces all rules of the bucket; ours touches only the prefix."
  type        = bool
  default     = false
  nullable    = false
}

variable "noncurrent_days" {
  description = "Days for which an overwritten object can be restored; the newest 10 versions are kept longer."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.noncurrent_days >= 1 && var.noncurrent_days <= 365
    error_message = "noncurrent_days is from 1 to 365."
  }
}

variable "bucket_kms_key_arn" {
  description = "Customer-managed key of the bucket's default encryption (SSE-KMS): the function may use it through S3. Empty for SSE-S3 or aws/s3."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)?$", var.bucket_kms_key_arn))
    error_message = "bucket_kms_key_arn is the ARN of a key (not of an alias), or empty."
  }
}
