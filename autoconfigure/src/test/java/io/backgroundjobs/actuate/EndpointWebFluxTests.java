package io.backgroundjobs.actuate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.actuate.web.reactive.EndpointRequest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.ReactiveUserDetailsService;
import org.springframework.security.web.server.SecurityWebFilterChain;
import reactor.core.publisher.Mono;

import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.actuate.ActuatorApplication.Answer;

import static java.time.Duration.ofHours;
import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class EndpointWebFluxTests {

	private static final String HOURLY = ActuatorApplication.ROOT + "/periodic/hourly";

	@Test
	void endpointWorksOnWebFluxToo(CapturedOutput output) throws Exception {
		try (ActuatorApplication application = ActuatorApplication.start(WebApplicationType.REACTIVE, Reactive.class,
				"management.endpoint.backgroundjobs.access=unrestricted",
				"management.endpoint.backgroundjobs.show-values=when-authorized",
				"management.endpoint.backgroundjobs.roles=OPERATOR")) {
			PeriodicJobHandle hourly = application.jobs()
				.addPeriodic(PeriodicJobSpec.named("hourly").every(ofHours(1)).initialDelay(ofHours(1)), () -> "done");
			assertThat(application.get(null, HOURLY).status()).isEqualTo(401);
			assertThat(application.post("reader", HOURLY, "{\"action\":\"pause\"}").status()).isEqualTo(403);
			assertThat(hourly.isPaused()).isFalse();
			Answer paused = application.post("operator", HOURLY, "{\"action\":\"pause\",\"note\":\"why\"}");
			assertThat(paused.status()).isEqualTo(200);
			assertThat(paused.at("pauseNote/note")).isEqualTo("why");
			assertThat(hourly.isPaused()).isTrue();
			assertThat(output).contains("'operator' paused the periodic job 'hourly'");
			assertThat(application.get("reader", HOURLY).at("pauseNote/note")).isEqualTo("******");
			Answer problem = application.get("reader", ActuatorApplication.ROOT + "/jobs?size=0");
			assertThat(problem.status()).isEqualTo(400);
			assertThat(problem.contentType()).startsWith("application/problem+json");
			assertThat(problem.at("detail")).contains("'size' is 0");
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
	static class Reactive {

		@Bean
		SecurityWebFilterChain actuatorSecurity(ServerHttpSecurity http) {
			return http.securityMatcher(EndpointRequest.toAnyEndpoint())
				.authorizeExchange((exchanges) -> exchanges
					.matchers(EndpointRequest.to("backgroundjobs").withHttpMethod(HttpMethod.GET))
					.hasAnyRole("READER", "OPERATOR")
					.anyExchange()
					.hasRole("OPERATOR"))
				.httpBasic(Customizer.withDefaults())
				.csrf((csrf) -> csrf.disable())
				.build();
		}

		@Bean
		ReactiveUserDetailsService users() {
			return (name) -> Mono.just(ActuatorApplication.Servlet.user(name));
		}

	}

}
