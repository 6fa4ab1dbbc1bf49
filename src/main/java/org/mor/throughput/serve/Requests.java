package org.mor.throughput.serve;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** Between HTTP and answers: methods, validators, compression and the headers of every answer. */
final class Requests extends Handler.Abstract {
  private static final String METHODS = "GET, HEAD, OPTIONS";
  private static final int PREFLIGHT_SECONDS = 86_400;
  private static final HttpField GZIP =
      new PreEncodedHttpField(HttpHeader.CONTENT_ENCODING, "gzip");

  private static final Optional<Parameters> NO_PARAMETERS = Optional.of(new Parameters(Map.of()));

  private final Routes routes;
  private final List<HttpField> everywhere;

  Requests(Routes routes, Map<String, String> everywhere) {
    this.routes = routes;
    this.everywhere = new ArrayList<>();
    everywhere.forEach((name, value) -> this.everywhere.add(new PreEncodedHttpField(name, value)));
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String method = request.getMethod();
    if (method.equals("OPTIONS")) {
      allow(response, callback);
      return true;
    }
    if (!method.equals("GET") && !method.equals("HEAD")) {
      response.getHeaders().put(HttpHeader.ALLOW, METHODS);
      send(request, response, callback, Answer.error(405, "only GET and HEAD are answered"));
      return true;
    }
    String path = request.getHttpURI().getPath();
    Answer answer =
        path == null
            ? Answer.error(404, "there is no such document")
            : parsed(request)
                .map(parameters -> routes.answer(path, parameters))
                .orElseGet(
                    () -> Answer.error(400, "the query is not in UTF-8 or not escaped right"));
    send(request, response, callback, answer);
    return true;
  }

  /** Answers a request that is no HTTP. */
  boolean refuse(Request request, Response response, Callback callback) {
    int status = response.getStatus() < 400 ? 400 : response.getStatus();
    send(request, response, callback, Answer.error(status, "the request is not understood"));
    return true;
  }

  /** Answers a browser that asks whether a script of another origin may send its headers. */
  private void allow(Response response, Callback callback) {
    HttpFields.Mutable headers = response.getHeaders();
    everywhere.forEach(headers::add);
    headers.put(HttpHeader.ALLOW, METHODS);
    headers.put(HttpHeader.ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    headers.put(HttpHeader.ACCESS_CONTROL_ALLOW_HEADERS, "*");
    headers.put(HttpHeader.ACCESS_CONTROL_MAX_AGE, PREFLIGHT_SECONDS);
    response.setStatus(204);
    response.write(true, null, callback);
  }

  private static Optional<Parameters> parsed(Request request) {
    if (request.getHttpURI().getQuery() == null) {
      return NO_PARAMETERS;
    }
    try {
      Map<String, List<String>> values = new HashMap<>();
      for (Fields.Field field : Request.extractQueryParameters(request)) {
        values.put(field.getName(), field.getValues());
      }
      return Optional.of(new Parameters(values));
    } catch (RuntimeException undecodable) {
      return Optional.empty();
    }
  }

  private static boolean takesGzip(HttpFields asked) {
    if (!asked.contains(HttpHeader.ACCEPT_ENCODING)) {
      return false;
    }
    try {
      return asked.getQualityCSV(HttpHeader.ACCEPT_ENCODING).stream()
          .anyMatch("gzip"::equalsIgnoreCase);
    } catch (RuntimeException malformed) {
      return false;
    }
  }

  private void send(Request request, Response response, Callback callback, Answer answer) {
    HttpFields asked = request.getHeaders();
    Answer.Form form = answer.form(takesGzip(asked));
    HttpFields.Mutable headers = response.getHeaders();
    everywhere.forEach(headers::add);
    form.fields().forEach(headers::add);
    response.setStatus(answer.status());
    if (answer.status() == 200
        && asked.contains(HttpHeader.IF_NONE_MATCH)
        && isKnown(asked.getValuesList(HttpHeader.IF_NONE_MATCH), form.etag())) {
      response.setStatus(304);
      response.write(true, null, callback);
      return;
    }
    if (form.body() != answer.body()) {
      headers.add(GZIP);
    }
    headers.put(HttpHeader.CONTENT_LENGTH, form.body().length);
    boolean head = request.getMethod().equals("HEAD");
    response.write(true, head ? null : ByteBuffer.wrap(form.body()), callback);
  }

  private static boolean isKnown(List<String> values, String etag) {
    return values.stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .map(tag -> tag.strip().replaceFirst("^W/", ""))
        .anyMatch(tag -> tag.equals("*") || tag.equals(etag));
  }
}
