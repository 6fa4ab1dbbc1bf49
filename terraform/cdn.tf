# Made here, attached to the existing distribution by whoever manages it: see the outputs and README.md.

resource "aws_cloudfront_function" "refuse_private" {
  name    = "${var.name}-refuse-private"
  comment = "Refuses ${var.prefix}raw/ and ${var.prefix}state/."
  runtime = "cloudfront-js-2.0"
  publish = true
  code    = templatefile("${path.module}/refuse-private.js", { prefix = var.prefix })
}

locals {
  # The page runs only its own scripts, none made from text, and asks only its own origin and the live server.
  content_security_policy = join("; ", [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    var.live_url == "" ? "connect-src 'self'" : "connect-src 'self' ${var.live_url}",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ])
}

resource "aws_cloudfront_response_headers_policy" "page" {
  name    = "${var.name}-page"
  comment = "Security headers of the throughput page and its documents, which every site may read."

  # The documents are public: a script of any origin may read them, without credentials. A plain GET needs no preflight.
  cors_config {
    access_control_allow_credentials = false
    access_control_max_age_sec       = 86400
    origin_override                  = true

    access_control_allow_headers {
      items = ["*"]
    }

    access_control_allow_methods {
      items = ["GET", "HEAD"]
    }

    access_control_allow_origins {
      items = ["*"]
    }

    access_control_expose_headers {
      items = ["ETag"]
    }
  }

  security_headers_config {
    content_security_policy {
      content_security_policy = local.content_security_policy
      override                = true
    }

    content_type_options {
      override = true
    }

    frame_options {
      frame_option = "DENY"
      override     = true
    }

    referrer_policy {
      referrer_policy = "no-referrer"
      override        = true
    }

    strict_transport_security {
      access_control_max_age_sec = 31536000
      include_subdomains         = true
      override                   = true
    }
  }

  # What browsers do with a file that was put without a cache header; a document's own stays.
  custom_headers_config {
    items {
      header   = "Cache-Control"
      value    = "public, max-age=300"
      override = false
    }
  }
}

# Every object says itself how long it may be kept: documents a minute, the immutable month files a year. The longest time here is a
# year, so that it cuts neither short; an object without a header is kept for a minute. Nothing of the request makes another copy.
resource "aws_cloudfront_cache_policy" "documents" {
  name        = "${var.name}-documents"
  comment     = "The published documents as long as they say, one copy for all."
  min_ttl     = 0
  default_ttl = 60
  max_ttl     = 31536000

  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_brotli = true
    enable_accept_encoding_gzip   = true

    cookies_config {
      cookie_behavior = "none"
    }

    headers_config {
      header_behavior = "none"
    }

    query_strings_config {
      query_string_behavior = "none"
    }
  }
}
