# What the indexer is and where it runs.

variable "name" {
  description = "Name of the function, and the beginning of every other name."
  type        = string
  default     = "prd-morpheus-throughput-indexer"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,40}$", var.name))
    error_message = "name is 3 to 41 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "region" {
  description = "Region of the function, the bucket and the secret."
  type        = string
  default     = "us-east-2"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region looks like us-east-2."
  }
}

variable "tags" {
  description = "Tags for every resource, besides application = name."
  type        = map(string)
  default     = {}
  nullable    = false
}

# The bucket and the distribution exist already and are shared: nothing here creates or deletes them.

variable "bucket" {
  description = "The existing bucket that holds the rows, the state and the published documents."
  type        = string
  default     = "prd-tech-website"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.bucket))
    error_message = "bucket is the name of a bucket, without s3:// and without a path."
  }
}

variable "prefix" {
  description = "Key prefix of everything the indexer reads and writes."
  type        = string
  default     = "api/throughput/"
  nullable    = false

  validation {
    condition     = can(regex("^([A-Za-z0-9_-]+/)+$", var.prefix))
    error_message = "prefix does not begin with / and ends with one, such as api/throughput/."
  }
}

variable "cloudfront_distribution_id" {
  description = "The existing distribution to invalidate when a figure changed, for up to 9.40 USD a month. Empty for none: documents expire after a minute anyway."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([A-Z0-9]{8,20})?$", var.cloudfront_distribution_id))
    error_message = "cloudfront_distribution_id is an id such as E1A2B3C4D5E6F7, or empty."
  }
}

variable "live_url" {
  description = "Origin of a live server whose stream the page may read, such as https://live.example.com. Empty for none."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(https://[a-z0-9.-]+(:[0-9]{1,5})?)?$", var.live_url))
    error_message = "live_url is an origin such as https://live.example.com, without a path, or empty."
  }
}

# The function.

variable "package_file" {
  description = "The function's zip, relative to this folder; made by mvn package."
  type        = string
  default     = "../target/throughput-indexer-lambda.zip"
  nullable    = false

  validation {
    condition     = endswith(var.package_file, ".zip")
    error_message = "package_file is a .zip."
  }
}

variable "runtime" {
  description = "Managed Java runtime."
  type        = string
  default     = "java25"
  nullable    = false

  validation {
    condition     = contains(["java17", "java21", "java25"], var.runtime)
    error_message = "runtime is java17, java21 or java25."
  }
}

variable "architecture" {
  description = "Instruction set: arm64 costs a fifth less than x86_64."
  type        = string
  default     = "arm64"
  nullable    = false

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture is arm64 or x86_64."
  }
}

variable "memory_mb" {
  description = "Memory of the function in MB; the share of a CPU grows with it."
  type        = number
  default     = 1769
  nullable    = false

  validation {
    condition     = var.memory_mb >= 512 && var.memory_mb <= 10240
    error_message = "memory_mb is from 512 to 10240."
  }
}

variable "timeout_seconds" {
  description = "Longest time of one run in seconds; must be below the schedule's period."
  type        = number
  default     = 600
  nullable    = false

  validation {
    condition     = var.timeout_seconds >= 120 && var.timeout_seconds <= 900
    error_message = "timeout_seconds is from 120 (a run starts no new range in its last 60) to 900."
  }
}

variable "reserved_concurrency" {
  description = "1: one run at a time. -1: no reservation, for accounts whose limit is too low for one; overlapping runs are harmless but waste requests, and backfill_concurrency must be 2 or less."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = contains([1, -1], var.reserved_concurrency)
    error_message = "reserved_concurrency is 1 or -1."
  }
}

variable "snap_start" {
  description = "Start from a snapshot of the initialised function. Of little use to a function that runs every 15 minutes."
  type        = bool
  default     = false
  nullable    = false
}

variable "log_retention_days" {
  description = "Days for which the function's log is kept."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = contains([7, 14, 30, 60, 90, 180, 365], var.log_retention_days)
    error_message = "log_retention_days is 7, 14, 30, 60, 90, 180 or 365."
  }
}

variable "log_kms_key_arn" {
  description = "Customer-managed key of the function's log; its key policy must let logs.REGION.amazonaws.com use it. Empty for CloudWatch's own."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)?$", var.log_kms_key_arn))
    error_message = "log_kms_key_arn is the ARN of a key (not of an alias), or empty."
  }
}

variable "secret_kms_key_arn" {
  description = "Customer-managed key of the secrets; the function may use it through Secrets Manager. Empty for aws/secretsmanager."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)?$", var.secret_kms_key_arn))
    error_message = "secret_kms_key_arn is the ARN of a key (not of an alias), or empty."
  }
}

# The backfill side by side.

variable "backfill" {
  description = "Make the state machine NAME-backfill and a second function for it, which scan ranges of old blocks side by side. They cost nothing while they do not run."
  type        = bool
  default     = false
  nullable    = false
}

variable "backfill_concurrency" {
  description = "Ranges that a backfill scans at a time: the reserved concurrency of its function. Requests to the endpoint grow with it, RPC_CONCURRENCY each. At most 2 where reserved_concurrency is -1."
  type        = number
  default     = 4
  nullable    = false

  validation {
    condition     = var.backfill_concurrency >= 1 && var.backfill_concurrency <= 40 && floor(var.backfill_concurrency) == var.backfill_concurrency
    error_message = "backfill_concurrency is a whole number from 1 to 40."
  }
}

variable "backfill_timeout_seconds" {
  description = "Longest time of one invocation of the backfill's function in seconds; what it could not scan is given to the next one."
  type        = number
  default     = 900
  nullable    = false

  validation {
    condition     = var.backfill_timeout_seconds >= 120 && var.backfill_timeout_seconds <= 900 && floor(var.backfill_timeout_seconds) == var.backfill_timeout_seconds
    error_message = "backfill_timeout_seconds is a whole number from 120 to 900."
  }
}

# What the function is told.

variable "network" {
  description = "base, base-sepolia, arbitrum-one or arbitrum-sepolia."
  type        = string
  default     = "base"
  nullable    = false

  validation {
    condition     = contains(["base", "base-sepolia", "arbitrum-one", "arbitrum-sepolia"], var.network)
    error_message = "network is base, base-sepolia, arbitrum-one or arbitrum-sepolia."
  }
}

variable "log_level" {
  description = "debug, info, warn or error."
  type        = string
  default     = "info"
  nullable    = false

  validation {
    condition     = contains(["debug", "info", "warn", "error"], var.log_level)
    error_message = "log_level is debug, info, warn or error."
  }
}

variable "settings" {
  description = "Further settings by the names of config.env.example, such as { TPS_CLAMP = \"500\" }; what is absent has the program's default."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition = alltrue([for key in keys(var.settings) : contains([
      "DIAMOND_ADDRESS", "START_BLOCK", "MAX_BLOCKS_PER_RUN", "SAFETY_LAG_BLOCKS", "CONFIRMATION",
      "OVERLAP_BLOCKS", "ENRICH_CLOSES_PER_RUN", "TPS_CLAMP", "LEGACY_ESTIMATE_FROM",
      "LEGACY_ESTIMATE_UNTIL", "GATEWAY_WALLETS", "RPC_CONCURRENCY",
    ], key)])
    error_message = "settings takes only names of config.env.example that no other variable here sets. The RPC URL belongs in the secret."
  }
}

variable "user_hash_key_secret" {
  description = "Store wallets as keyed hashes: makes the secret NAME-user-hash-key, whose value is put by hand before the first run. false for plain wallets in the private rows."
  type        = bool
  default     = false
  nullable    = false
}

# Earlier versions took the key here. Ignoring it would store plain wallets, so a value is refused.
variable "user_hash_key" {
  description = "No longer used, must be empty: the key stood plain in the state. Use user_hash_key_secret."
  type        = string
  default     = ""
  nullable    = false
  sensitive   = true

  validation {
    condition     = var.user_hash_key == ""
    error_message = "user_hash_key is no longer used: set user_hash_key_secret = true and put the same key into the secret, as docs/operations.md says."
  }
}

# When it runs.

variable "schedule_minutes" {
  description = "Minutes between two scheduled runs."
  type        = number
  default     = 15
  nullable    = false

  validation {
    condition     = var.schedule_minutes >= 5 && var.schedule_minutes <= 60 && floor(var.schedule_minutes) == var.schedule_minutes
    error_message = "schedule_minutes is a whole number from 5 to 60."
  }
}

variable "schedule_enabled" {
  description = "false pauses the schedule; meanwhile the alarm no-success does not count missing runs."
  type        = bool
  default     = true
  nullable    = false
}

# Who is told.

variable "alarm_topic_arns" {
  description = "SNS topics told when an alarm goes off and when it ends; without any, alarms show in the console only."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.alarm_topic_arns : can(regex("^arn:[a-z-]+:sns:", arn))])
    error_message = "alarm_topic_arns are ARNs of SNS topics."
  }
}

variable "dashboard" {
  description = "Make a dashboard in CloudWatch, for 3.00 USD a month beyond the account's first three."
  type        = bool
  default     = false
  nullable    = false
}

variable "runbook_url" {
  description = "Where docs/operations.md can be read; every alarm's description ends with an anchor below it."
  type        = string
  default     = "docs/operations.md"
  nullable    = false

  validation {
    condition     = length(var.runbook_url) > 0 && !strcontains(var.runbook_url, "#")
    error_message = "runbook_url is an address without an anchor."
  }
}

# The rows as tables.

variable "enable_athena" {
  description = "Make tables of the private rows for Athena, a workgroup with saved queries, and a private bucket for results and the lake. Queries cost 5.00 USD a TB."
  type        = bool
  default     = false
  nullable    = false
}

variable "athena_scan_limit_gb" {
  description = "GiB that one query may scan before Athena ends it; used with enable_athena."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.athena_scan_limit_gb >= 1 && var.athena_scan_limit_gb <= 10240 && floor(var.athena_scan_limit_gb) == var.athena_scan_limit_gb
    error_message = "athena_scan_limit_gb is a whole number from 1 to 10240."
  }
}
