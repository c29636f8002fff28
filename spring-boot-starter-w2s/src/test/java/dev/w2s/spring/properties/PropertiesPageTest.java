// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.properties;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.w2s.local.LocalChatModel;
import dev.w2s.model.CausalModel;
import dev.w2s.sampling.continuation.Continuation;
import dev.w2s.search.ChunkBeam;
import dev.w2s.search.guard.TrustRegion;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The page of all properties is made from the metadata that editors read. With the system property
 * {@code w2s.page.write} it is written anew.
 */
class PropertiesPageTest {
  private static final Path HERE = Path.of("docs", "properties.md");
  private static final Path PAGE = Files.exists(HERE) ? HERE : Path.of("..").resolve(HERE);
  private static final String BEGIN = "<!-- table begins -->\n";
  private static final String END = "<!-- table ends -->\n";

  private static Map<String, JsonNode> metadata() throws Exception {
    Map<String, JsonNode> properties = new TreeMap<>();
    for (URL each :
        Collections.list(
            W2sProperties.class
                .getClassLoader()
                .getResources("META-INF/spring-configuration-metadata.json"))) {
      try (InputStream in = each.openStream()) {
        for (JsonNode property : new JsonMapper().readTree(in).get("properties")) {
          String name = property.get("name").asText();
          if (name.startsWith(W2sProperties.PREFIX)) {
            properties.put(name, property);
          }
        }
      }
    }
    return properties;
  }

  private static String type(String name) throws ClassNotFoundException {
    String plain = name.replaceAll("<.*>", "");
    Class<?> type = Class.forName(plain);
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(constant -> "`" + kebab(((Enum<?>) constant).name()) + "`")
          .collect(Collectors.joining(", "));
    }
    if (type == ApiKey.class) {
      return "String";
    }
    String element = name.contains("<") ? name.replaceAll(".*[<,](.*)>", "$1") : "";
    return element.isEmpty() ? type.getSimpleName() : "list of " + type(element);
  }

  private static String kebab(String constant) {
    return constant.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String value(JsonNode property) {
    String value = property.path("defaultValue").asText().replaceAll("^\\[(.*)]$", "$1");
    return value.isEmpty() ? "" : "`" + value + "`";
  }

  private static String table() throws Exception {
    StringBuilder table = new StringBuilder("| property | values | default | what it is |\n");
    table.append("|---|---|---|---|\n");
    for (Map.Entry<String, JsonNode> entry : metadata().entrySet()) {
      JsonNode property = entry.getValue();
      String type = property.get("type").asText();
      if (type.startsWith("java.util.Map")) {
        continue; // what is in it follows
      }
      String name = entry.getKey().replace("*", "<name>");
      table.append(
          "| `%s` | %s | %s | %s |%n"
              .formatted(name, type(type), value(property), property.get("description").asText()));
    }
    return table.toString().replace("\r", "");
  }

  @Test
  void thePageHoldsAllProperties() throws Exception {
    String page = Files.readString(PAGE, UTF_8);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    String table = table();
    if (Boolean.getBoolean("w2s.page.write")) {
      Files.writeString(PAGE, page.substring(0, begin) + table + page.substring(end), UTF_8);
    } else {
      assertThat(page.substring(begin, end))
          .as(
              "docs/properties.md; to write it: -Dtest=PropertiesPageTest -Dtest.argLine=-Dw2s.page.write=true")
          .isEqualTo(table);
    }
  }

  @Test
  void everyPropertyIsDescribed() throws Exception {
    assertThat(metadata()).hasSizeGreaterThan(40);
    metadata()
        .forEach(
            (name, property) ->
                assertThat(property.path("description").asText()).as(name).endsWith("."));
  }

  @Test
  void theDefaultsThatEditorsShowAreTheLibrarys() throws Exception {
    Map<String, JsonNode> metadata = metadata();
    ChunkBeam beam = ChunkBeam.defaults();
    assertThat(number(metadata, "search.beam-width")).isEqualTo(beam.beamWidth());
    assertThat(number(metadata, "search.successors")).isEqualTo(beam.successors());
    assertThat(number(metadata, "search.chunk-length")).isEqualTo(beam.chunkLength());
    assertThat(number(metadata, "search.guard.divergence"))
        .isEqualTo(TrustRegion.DEFAULT_DIVERGENCE);
    assertThat(metadata.get("langchain4j.w2s.search.continuation").get("defaultValue").asText())
        .isEqualTo(kebab(Continuation.WHOLE.name()));
    try (CausalModel base = CausalModel.load("embedded:movie-reviews/base")) {
      var local = LocalChatModel.builder().model(base).build().defaultRequestParameters();
      assertThat(number(metadata, "local.*.max-tokens"))
          .isEqualTo(local.maxOutputTokens().doubleValue());
      assertThat(number(metadata, "local.*.temperature")).isEqualTo(local.temperature());
      assertThat(number(metadata, "local.*.top-k")).isEqualTo(local.topK().doubleValue());
      assertThat(number(metadata, "local.*.top-p")).isEqualTo(local.topP());
    }
  }

  private static double number(Map<String, JsonNode> metadata, String name) {
    return metadata.get(W2sProperties.PREFIX + "." + name).get("defaultValue").asDouble();
  }
}
