// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** An error in OpenAI's form: a status, and a body that says why. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final String INVALID = "invalid_request_error";
  private static final int LONGEST = 1000;

  private final int status;
  private final String type;
  private final @Nullable String param;
  private final @Nullable String code;

  /**
   * @param param what in the request is wrong; null where it is no part of it
   * @param code for programs; null where the type says it
   */
  public ApiException(
      int status, String type, @Nullable String param, @Nullable String code, String message) {
    super(shortened(message));
    this.status = status;
    this.type = type;
    this.param = param;
    this.code = code;
  }

  /** What a request brings is told back, but not all of a megabyte. */
  private static String shortened(String message) {
    return message.length() <= LONGEST ? message : message.substring(0, LONGEST) + "...";
  }

  /** Something in the request breaks a rule. */
  public static ApiException invalid(@Nullable String param, String message) {
    return new ApiException(400, INVALID, param, null, message);
  }

  /** The text does not fit the model. */
  public static ApiException tooLong(String message) {
    return new ApiException(400, INVALID, "messages", "context_length_exceeded", message);
  }

  /** There is no such thing. */
  public static ApiException notFound(@Nullable String param, String code, String message) {
    return new ApiException(404, INVALID, param, code, message);
  }

  /** The key is missing or wrong. */
  public static ApiException unauthorized(String message) {
    return new ApiException(401, INVALID, null, "invalid_api_key", message);
  }

  /** The server has too much to do, or is not ready. */
  public static ApiException busy(int status, String code, String message) {
    return new ApiException(status, "server_error", null, code, message);
  }

  /** What HTTP itself refuses. */
  public static ApiException http(int status, String message) {
    return new ApiException(status, status < 500 ? INVALID : "server_error", null, null, message);
  }

  /** Of HTTP. */
  public int status() {
    return status;
  }

  /** What in the request is wrong. */
  public @Nullable String param() {
    return param;
  }

  /** The body of the answer. */
  public ObjectNode body() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject("error")
        .put("message", getMessage())
        .put("type", type)
        .put("param", param)
        .put("code", code);
    return body;
  }
}
