package org.mor.throughput.simulation;

import org.mor.throughput.adapter.s3.PlayedBucket.Request;
import org.mor.throughput.archive.CoverageStore;
import org.mor.throughput.archive.CursorStore;
import org.mor.throughput.store.ObjectKey;

/** Which row of the fault matrix a request to the store belongs to. */
final class Sites {
  private Sites() {}

  static Site of(Request request, ObjectKey key) {
    boolean reads = request == Request.GET;
    if (request == Request.LIST) {
      return Site.LIST;
    }
    if (key.equals(CursorStore.KEY)) {
      return reads ? Site.GET_CURSOR : Site.PUT_CURSOR;
    }
    if (key.equals(CoverageStore.KEY)) {
      return reads ? Site.GET_COVERAGE : Site.PUT_COVERAGE;
    }
    if (key.value().startsWith("raw/")) {
      Site write = request == Request.CREATE ? Site.CREATE_PARTITION : Site.REPLACE_PARTITION;
      return reads ? Site.GET_PARTITION : write;
    }
    if (key.value().startsWith("state/")) {
      return reads ? Site.GET_OTHER : Site.PUT_OTHER;
    }
    return reads ? Site.GET_DOCUMENT : Site.PUT_DOCUMENT;
  }
}
