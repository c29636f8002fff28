// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
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

  /** Made by Spring. */
  GatewayApplication() {}

  /** Starts it. */
  public static void main(String[] arguments) {
    application().run(withEquals(arguments));
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
