# The rows as tables for Athena, off unless asked for: a database, tables over raw/ and over the exported lake, a workgroup, the queries of
# sql/, and a private bucket for results and the lake. Rows hold wallets: nothing here is public, and whoever may query gets the policy
# below. docs/scale.md, "The rows as a table", says how it is used.
locals {
  athena = var.enable_athena ? 1 : 0

  rows_database = replace(var.name, "-", "_")
  athena_bucket = "${var.name}-athena-${local.account}"

  athena_bucket_arn = "arn:${local.partition}:s3:::${local.athena_bucket}"
  athena_arn        = "arn:${local.partition}:athena:${var.region}:${local.account}"
  glue_arn          = "arn:${local.partition}:glue:${var.region}:${local.account}"

  # Results can be computed again.
  results_days = 7

  # Name and type of each column. Glue keeps names in lower case; readers match keys and columns of files without regard to it.
  raw_opens_columns = [
    ["schema", "bigint"], ["sessionid", "string"], ["user", "string"], ["provider", "string"], ["bidid", "string"], ["modelid", "string"],
    ["openedat", "bigint"], ["endsat", "bigint"], ["stakewei", "string"], ["directpayment", "boolean"], ["blocknumber", "bigint"],
    ["logindex", "bigint"], ["txhash", "string"], ["readatblock", "bigint"], ["generation", "bigint"], ["retracted", "boolean"],
  ]
  raw_closes_columns = [
    ["schema", "bigint"], ["sessionid", "string"], ["user", "string"], ["provider", "string"], ["bidid", "string"], ["modelid", "string"],
    ["modelname", "string"], ["openedat", "bigint"], ["endsat", "bigint"], ["closedat", "bigint"], ["durationseconds", "bigint"],
    ["stakewei", "string"], ["pricepersecondwei", "string"], ["paidwei", "string"], ["closeouttype", "bigint"], ["directpayment", "boolean"],
    ["receiptformat", "string"], ["tpsscaled1000", "bigint"], ["ttftms", "bigint"], ["inputtokens", "bigint"], ["outputtokens", "bigint"],
    ["receiptbytes", "bigint"], ["blocknumber", "bigint"], ["logindex", "bigint"], ["txhash", "string"], ["readatblock", "bigint"],
    ["generation", "bigint"], ["retracted", "boolean"],
  ]

  # The lake has no retracted row and no such column: there it reads as null, so that one query fits both.
  lake_opens_columns = [
    ["schema", "bigint"], ["sessionid", "string"], ["user", "string"], ["provider", "string"], ["bidid", "string"], ["modelid", "string"],
    ["openedat", "bigint"], ["endsat", "bigint"], ["stakewei", "decimal(38,0)"], ["directpayment", "boolean"], ["blocknumber", "bigint"],
    ["logindex", "bigint"], ["txhash", "string"], ["modelname", "string"], ["modeltype", "string"], ["readatblock", "bigint"],
    ["generation", "bigint"], ["openedatutc", "timestamp"], ["endsatutc", "timestamp"], ["retracted", "boolean"],
  ]
  lake_closes_columns = [
    ["schema", "bigint"], ["sessionid", "string"], ["user", "string"], ["provider", "string"], ["bidid", "string"], ["modelid", "string"],
    ["modelname", "string"], ["openedat", "bigint"], ["endsat", "bigint"], ["closedat", "bigint"], ["durationseconds", "bigint"],
    ["stakewei", "decimal(38,0)"], ["pricepersecondwei", "decimal(38,0)"], ["paidwei", "decimal(38,0)"], ["closeouttype", "bigint"],
    ["directpayment", "boolean"], ["receiptformat", "string"], ["tpsscaled1000", "bigint"], ["ttftms", "bigint"], ["inputtokens", "bigint"],
    ["outputtokens", "bigint"], ["receiptbytes", "bigint"], ["blocknumber", "bigint"], ["logindex", "bigint"], ["txhash", "string"],
    ["readatblock", "bigint"], ["modeltype", "string"], ["disputed", "boolean"], ["closedearly", "boolean"], ["tokenclass", "string"],
    ["legacyesttokensscaled1000", "bigint"], ["implausible", "boolean"], ["gateway", "boolean"], ["earnedwei", "decimal(38,0)"],
    ["generation", "bigint"], ["openedatutc", "timestamp"], ["endsatutc", "timestamp"], ["closedatutc", "timestamp"],
    ["retracted", "boolean"],
  ]

  raw_tables  = { closes = local.raw_closes_columns, opens = local.raw_opens_columns }
  lake_tables = { closes = local.lake_closes_columns, opens = local.lake_opens_columns }

  saved_queries = {
    daily       = "Figures by UTC day, as in rollup/daily.json."
    weekly      = "Figures by ISO week, as in rollup/weekly.json."
    monthly     = "Figures by UTC month, as in rollup/monthly.json."
    by-model    = "Figures of the last 30 days by model."
    by-provider = "Figures of the last 30 days by provider."
  }

  # What whoever queries may do, in this workgroup, on these tables: read rows, write results. Nothing else of the bucket.
  analyst_statements = concat(
    [
      {
        Sid    = "QueryInTheWorkgroup"
        Effect = "Allow"
        Action = [
          "athena:BatchGetNamedQuery", "athena:GetNamedQuery", "athena:GetQueryExecution", "athena:GetQueryResults",
          "athena:GetQueryRuntimeStatistics", "athena:GetWorkGroup", "athena:ListNamedQueries", "athena:ListQueryExecutions",
          "athena:StartQueryExecution", "athena:StopQueryExecution",
        ]
        Resource = ["${local.athena_arn}:workgroup/${var.name}"]
      },
      {
        # Athena asks for the database "default" before any query.
        Sid    = "ReadTheTables"
        Effect = "Allow"
        Action = ["glue:GetDatabase", "glue:GetDatabases", "glue:GetPartitions", "glue:GetTable", "glue:GetTables"]
        Resource = [
          "${local.glue_arn}:catalog", "${local.glue_arn}:database/default", "${local.glue_arn}:database/${local.rows_database}",
          "${local.glue_arn}:table/${local.rows_database}/*",
        ]
      },
      {
        Sid      = "ReadTheRows"
        Effect   = "Allow"
        Action   = ["s3:GetObject"]
        Resource = ["${local.bucket_arn}/${var.prefix}raw/*", "${local.athena_bucket_arn}/lake/*"]
      },
      {
        Sid       = "ListTheRows"
        Effect    = "Allow"
        Action    = ["s3:ListBucket"]
        Resource  = [local.bucket_arn]
        Condition = { StringLike = { "s3:prefix" = ["${var.prefix}raw/*"] } }
      },
      {
        Sid      = "FindTheBuckets"
        Effect   = "Allow"
        Action   = ["s3:GetBucketLocation"]
        Resource = [local.bucket_arn, local.athena_bucket_arn]
      },
      {
        Sid      = "ListTheLakeAndResults"
        Effect   = "Allow"
        Action   = ["s3:ListBucket", "s3:ListBucketMultipartUploads"]
        Resource = [local.athena_bucket_arn]
      },
      {
        Sid      = "KeepResults"
        Effect   = "Allow"
        Action   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"]
        Resource = ["${local.athena_bucket_arn}/results/*"]
      },
    ],
    [for key in [var.bucket_kms_key_arn] : {
      Sid       = "ReadWithTheBucketsKey"
      Effect    = "Allow"
      Action    = ["kms:Decrypt"]
      Resource  = [key]
      Condition = { StringEquals = { "kms:ViaService" = "s3.${local.service_domain}" } }
    } if key != ""],
  )
}

resource "aws_s3_bucket" "athena" {
  count = local.athena

  bucket = local.athena_bucket
}

resource "aws_s3_bucket_public_access_block" "athena" {
  count = local.athena

  bucket                  = aws_s3_bucket.athena[0].bucket
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# Results hold rows: they do not stay. The lake does, as its files are named by manifests.
resource "aws_s3_bucket_lifecycle_configuration" "athena" {
  count = local.athena

  bucket = aws_s3_bucket.athena[0].bucket

  rule {
    id     = "results"
    status = "Enabled"

    filter {
      prefix = "results/"
    }

    expiration {
      days = local.results_days
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }
}

resource "aws_glue_catalog_database" "rows" {
  count = local.athena

  name        = local.rows_database
  description = "The indexer's rows; they hold wallets."
}

# One table over all months: keys are YYYY-MM.ndjson.gz, no folders, so a month is chosen by "$path". A damaged line ends the query.
resource "aws_glue_catalog_table" "raw" {
  for_each = var.enable_athena ? local.raw_tables : {}

  name          = "raw_${each.key}"
  description   = "Stored rows as they are; leave out those that are retracted."
  database_name = aws_glue_catalog_database.rows[0].name
  table_type    = "EXTERNAL_TABLE"
  parameters    = { EXTERNAL = "TRUE", classification = "json", compressionType = "gzip" }

  storage_descriptor {
    location      = "s3://${var.bucket}/${var.prefix}raw/${each.key}/"
    input_format  = "org.apache.hadoop.mapred.TextInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
    compressed    = true

    ser_de_info {
      # Not OpenX's: AWS says that it may return more rows or fewer than there are.
      serialization_library = "org.apache.hive.hcatalog.data.JsonSerDe"
    }

    dynamic "columns" {
      for_each = each.value

      content {
        name = columns.value[0]
        type = columns.value[1]
      }
    }
  }
}

# Each month's folder below current/ holds the URI of the month's newest file, so that older ones are never read.
resource "aws_glue_catalog_table" "lake" {
  for_each = var.enable_athena ? local.lake_tables : {}

  name          = "lake_${each.key}"
  description   = "Rows as exported by month, without retracted ones."
  database_name = aws_glue_catalog_database.rows[0].name
  table_type    = "EXTERNAL_TABLE"

  parameters = {
    EXTERNAL                         = "TRUE"
    classification                   = "parquet"
    "projection.enabled"             = "true"
    "projection.month.type"          = "date"
    "projection.month.format"        = "yyyy-MM"
    "projection.month.range"         = "2024-01,NOW"
    "projection.month.interval"      = "1"
    "projection.month.interval.unit" = "MONTHS"
  }

  partition_keys {
    name = "month"
    type = "string"
  }

  storage_descriptor {
    location      = "s3://${local.athena_bucket}/lake/current/${each.key}/"
    input_format  = "org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.IgnoreKeyTextOutputFormat"

    ser_de_info {
      serialization_library = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
      parameters            = { "serialization.format" = "1" }
    }

    dynamic "columns" {
      for_each = each.value

      content {
        name = columns.value[0]
        type = columns.value[1]
      }
    }
  }
}

resource "aws_athena_workgroup" "rows" {
  count = local.athena

  name        = var.name
  description = "Queries over the indexer's rows."

  configuration {
    enforce_workgroup_configuration    = true
    publish_cloudwatch_metrics_enabled = false
    bytes_scanned_cutoff_per_query     = var.athena_scan_limit_gb * 1073741824

    engine_version {
      selected_engine_version = "Athena engine version 3"
    }

    result_configuration {
      output_location       = "s3://${local.athena_bucket}/results/"
      expected_bucket_owner = local.account

      encryption_configuration {
        encryption_option = "SSE_S3"
      }
    }
  }
}

resource "aws_athena_named_query" "figures" {
  for_each = var.enable_athena ? local.saved_queries : {}

  name        = each.key
  description = each.value
  database    = aws_glue_catalog_database.rows[0].name
  workgroup   = aws_athena_workgroup.rows[0].name
  query       = file("${path.module}/../sql/${each.key}.sql")
}

resource "aws_iam_policy" "analyst" {
  count = local.athena

  name        = "${var.name}-analyst"
  description = "Query the indexer's rows with Athena. They hold wallets: attach it to few."
  policy      = jsonencode({ Version = "2012-10-17", Statement = local.analyst_statements })
}
