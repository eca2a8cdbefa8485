package io.backgroundjobs.actuate;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.web.SecurityFilterChain;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.backgroundjobs.BackgroundJobScheduler;

/**
 * An application with a web server, Spring Security and the endpoint, and clients of it.
 */
final class ActuatorApplication implements AutoCloseable {

	static final String ROOT = "/actuator/backgroundjobs";

	private static final JsonMapper json = new JsonMapper();

	private final HttpClient client = HttpClient.newHttpClient();

	private final ConfigurableApplicationContext context;

	private ActuatorApplication(ConfigurableApplicationContext context) {
		this.context = context;
	}

	/**
	 * Start with Spring MVC and a reader and an operator.
	 */
	static ActuatorApplication start(String... properties) {
		return start(WebApplicationType.SERVLET, Servlet.class, properties);
	}

	static ActuatorApplication start(WebApplicationType type, Class<?> configuration, String... properties) {
		String[] all = Stream.concat(Stream.of("server.port=0", "spring.main.banner-mode=off",
				"logging.level.org=error", "management.endpoints.web.exposure.include=*"), Stream.of(properties))
			.toArray(String[]::new);
		return new ActuatorApplication(new SpringApplicationBuilder(configuration).web(type).properties(all).run());
	}

	BackgroundJobScheduler jobs() {
		return this.context.getBean(BackgroundJobScheduler.class);
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	Answer get(@Nullable String user, String path) throws IOException, InterruptedException {
		return send(user, "GET", path, null);
	}

	Answer post(@Nullable String user, String path, String body) throws IOException, InterruptedException {
		return send(user, "POST", path, body);
	}

	Answer delete(@Nullable String user, String path) throws IOException, InterruptedException {
		return send(user, "DELETE", path, null);
	}

	Answer send(@Nullable String user, String method, String path, @Nullable String body)
			throws IOException, InterruptedException {
		int port = ((WebServerApplicationContext) this.context).getWebServer().getPort();
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
			.method(method, (body != null) ? BodyPublishers.ofString(body) : BodyPublishers.noBody());
		if (body != null) {
			request.header("Content-Type", "application/json");
		}
		if (user != null) {
			String credentials = user + ":secret";
			request.header("Authorization",
					"Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
		}
		HttpResponse<String> response = this.client.send(request.build(), BodyHandlers.ofString());
		return new Answer(response.statusCode(), response.headers().firstValue("Content-Type").orElse(""),
				response.body());
	}

	@Override
	public void close() {
		this.context.close();
	}

	/**
	 * What a client got.
	 *
	 * @param status the HTTP status
	 * @param contentType the type of the body
	 * @param text the body
	 */
	record Answer(int status, String contentType, String text) {

		JsonNode body() {
			return json.readTree(this.text);
		}

		/**
		 * Return the text at a path such as {@code items/0/name}.
		 */
		String at(String path) {
			return body().at("/" + path).asString();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
	static class Servlet {

		@Bean
		SecurityFilterChain actuatorSecurity(HttpSecurity http) {
			http.securityMatcher(EndpointRequest.toAnyEndpoint());
			http.authorizeHttpRequests((requests) -> requests
				.requestMatchers(EndpointRequest.to("backgroundjobs", "scheduledtasks").withHttpMethod(HttpMethod.GET))
				.hasAnyRole("READER", "OPERATOR")
				.anyRequest()
				.hasRole("OPERATOR"));
			http.httpBasic(Customizer.withDefaults());
			http.csrf((csrf) -> csrf.disable());
			return http.build();
		}

		// Nobody who would hash the passwords again, which takes its time.
		@Bean
		UserDetailsService users() {
			return Servlet::user;
		}

		static UserDetails user(String name) {
			return User.withUsername(name).password("{noop}secret").roles(name.toUpperCase(Locale.ROOT)).build();
		}

	}

}
