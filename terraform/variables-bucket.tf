# Parts of the shared bucket's configuration. AWS keeps one policy and one lifecycle configuration a bucket, so each of these replaces
# what is there; they are off, and outputs hold what to merge by hand instead.

variable "manage_bucket_policy" {
  description = "Put the bucket policy from here. It replaces the whole policy of the bucket: bucket_policy_base must hold the rest."
  type        = bool
  default     = false
  nullable    = false
}

variable "bucket_policy_base" {
  description = "The bucket's other policy statements as a policy document in JSON; used with manage_bucket_policy."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = var.bucket_policy_base == "" || can(jsondecode(var.bucket_policy_base).Statement)
    error_message = "bucket_policy_base is a JSON policy document with a Statement list."
  }
}

variable "manage_bucket_versioning" {
  description = "Turn on versioning for the whole bucket: restoring a partition needs it."
  type        = bool
  default     = false
  nullable    = false
}

variable "manage_bucket_lifecycle" {
  description = "Put the lifecycle configuration from here. It replaces all rules of the bucket; ours touch only the prefix."
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
