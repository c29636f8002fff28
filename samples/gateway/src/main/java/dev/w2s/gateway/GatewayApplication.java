// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.support.ResourcePropertySource;

/** Starts the gateway. */
@SpringBootApplication
public class GatewayApplication {
  /** What stands behind the gateway where no upstream is set. */
  private static final String EMBEDDED = "classpath:/embedded.properties";

  private static final Pattern OPTION =
      Pattern.compile(
          "(?s)--(port=.*|help|debug|trace|(gateway|langchain4j|server|spring|management|logging|info)[.\\[].*)");

  private static final String USAGE =
      """
      A server with OpenAI's API that guides whatever stands behind it.

        --port 8080                                     where it listens
        --gateway.upstream.base-url http://HOST:PORT/v1 a server with the large model; without it, an embedded one
        --gateway.upstream.model NAME                   what that server calls the model
        --gateway.keys KEY,KEY                          keys of which a client has to bring one

      All other properties, --gateway.* and those of the starter, --langchain4j.w2s.*, stand in the README.
      Spring Boot's may be set as well: --server.*, --spring.*, --management.*, --logging.*.
      """;

  /** Made by Spring. */
  GatewayApplication() {}

  /** Starts it. */
  public static void main(String[] arguments) {
    String[] options = withEquals(arguments);
    String unknown = unknown(options);
    if (unknown != null) {
      System.err.printf("There is no option %s.%n%n%s", unknown, USAGE);
      System.exit(1);
    }
    if (List.of(options).contains("--help")) {
      System.out.print(USAGE);
      return;
    }
    application().run(options);
  }

  /**
   * What is no option; null where all are. Spring Boot takes whatever there is, so that a slip
   * would go unseen; what stands behind the first word is looked at where the word belongs to us.
   */
  static @Nullable String unknown(String... options) {
    for (String option : options) {
      if (!OPTION.matcher(option).matches()) {
        return "'" + option.replaceFirst("=.*", "") + "'";
      }
    }
    return null;
  }

  /** {@code --port 8080} means what Spring Boot writes {@code --port=8080}. */
  static String[] withEquals(String... arguments) {
    List<String> all = new ArrayList<>();
    for (String argument : arguments) {
      int last = all.size() - 1;
      boolean isValue = last >= 0 && all.get(last).matches("--[^=]+") && !argument.startsWith("--");
      if (isValue) {
        all.set(last, all.get(last) + "=" + argument);
      } else {
        all.add(argument);
      }
    }
    return all.toArray(String[]::new);
  }

  /** The application, not yet started. */
  static SpringApplication application() {
    SpringApplication application = new SpringApplication(GatewayApplication.class);
    application.addListeners(new EmbeddedModels());
    return application;
  }

  /** Adds the embedded models' properties, below all others, where there is no upstream. */
  private static final class EmbeddedModels
      implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {
    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
      ConfigurableEnvironment environment = event.getEnvironment();
      if (environment.getProperty("gateway.upstream.base-url", "").isBlank()) {
        try {
          environment.getPropertySources().addLast(new ResourcePropertySource(EMBEDDED));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }
}
