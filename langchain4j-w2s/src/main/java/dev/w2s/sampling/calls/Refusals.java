// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.calls;

import dev.langchain4j.exception.InvalidRequestException;
import dev.w2s.server.ServerException;
import java.util.Set;

/** What a server will not do however often it is asked, but may do if it is asked otherwise. */
public final class Refusals {

  /** Bad request and unprocessable content. */
  private static final Set<Integer> STATUSES = Set.of(400, 422);

  private Refusals() {}

  public static boolean isRefusal(RuntimeException failure) {
    return failure instanceof InvalidRequestException
        || (failure instanceof ServerException refused && STATUSES.contains(refused.status()));
  }

  /**
   * A refusal with its likely cause: the JDK's client offers an upgrade to HTTP/2 over plain http,
   * on which uvicorn (vLLM, FastAPI) loses the body of the request.
   */
  public static InvalidRequestException explained(InvalidRequestException refusal) {
    String said = String.valueOf(refusal.getMessage());
    boolean lostBody =
        said.contains("Field required") && said.contains("body") && !said.contains("messages");
    return lostBody
        ? new InvalidRequestException(
            said
                + "; the server has lost the request's body: over plain http give the model an HTTP"
                + " client of version HTTP/1.1",
            refusal)
        : refusal;
  }
}
