package io.backgroundjobs.autoconfigure;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import io.backgroundjobs.JobSpawner;
import io.backgroundjobs.ShutdownReport;
import io.backgroundjobs.ShutdownReport.Entry;
import io.backgroundjobs.ShutdownReport.Fate;
import io.backgroundjobs.engine.JobEngine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests that jobs are accepted until real web servers have answered their last requests,
 * and are drained after that: that of the application, and that of its management, which
 * is in a child context.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WebServerStopTests {

	private final HttpClient client = HttpClient.newHttpClient();

	private final ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
		.properties("server.port=0", "management.server.port=0", "management.endpoints.web.exposure.include=visit")
		.registerShutdownHook(false)
		.run();

	private final JobEngine engine = this.context.getBean(JobEngine.class);

	private final Visits visits = this.context.getBean(Visits.class);

	private final int port = port("local.server.port");

	private final int managementPort = port("local.management.port");

	@AfterEach
	void close() {
		this.visits.requestMayGo.countDown();
		this.visits.jobMayGo.countDown();
		this.context.close();
	}

	@Test
	void requestInFlightSpawnsWhileTheServerStops() throws Exception {
		CompletableFuture<HttpResponse<String>> request = get(this.port, "/visit");
		this.visits.requested.await();
		Thread closing = close(this.context);
		awaitRefusal(this.port);
		assertThatItIsDrainedAfterTheAnswer(request, closing);
	}

	@Test
	void requestToTheManagementServerSpawnsWhileThatStops() throws Exception {
		CompletableFuture<HttpResponse<String>> request = get(this.managementPort, "/actuator/visit");
		this.visits.requested.await();
		Thread closing = close(this.context);
		awaitRefusal(this.managementPort);
		assertThatItIsDrainedAfterTheAnswer(request, closing);
	}

	private void assertThatItIsDrainedAfterTheAnswer(CompletableFuture<HttpResponse<String>> request, Thread closing)
			throws InterruptedException {
		assertThat(this.engine.isRunning()).isTrue();
		this.visits.requestMayGo.countDown();
		assertThat(request.join().statusCode()).isEqualTo(200);
		this.visits.drained.await();
		assertThat(List.of(this.port, this.managementPort)).allMatch(WebServerStopTests::isRefused);
		this.visits.jobMayGo.countDown();
		closing.join();
		assertThat(this.visits.reports).hasSize(1)
			.first()
			.satisfies((report) -> assertThat(report.jobs()).extracting(Entry::name, Entry::fate)
				.containsExactly(tuple("visit", Fate.FINISHED)));
	}

	/**
	 * On a thread of its own: the common pool, which may have one only, completes the
	 * client's responses.
	 */
	private static Thread close(ConfigurableApplicationContext context) {
		Thread thread = new Thread(context::close, "closes");
		thread.start();
		return thread;
	}

	private CompletableFuture<HttpResponse<String>> get(int port, String path) {
		return this.client.sendAsync(HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build(),
				HttpResponse.BodyHandlers.ofString());
	}

	private int port(String property) {
		return this.context.getEnvironment().getRequiredProperty(property, Integer.class);
	}

	private static void awaitRefusal(int port) {
		Awaitility.await().until(() -> isRefused(port));
	}

	private static boolean isRefused(int port) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			return !socket.isConnected();
		}
		catch (ConnectException ex) {
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** Requests that spawn a job when they are let go. */
	@RestController
	@Endpoint(id = "visit")
	static class Visits {

		private final JobSpawner jobs;

		final CountDownLatch requested = new CountDownLatch(1);

		final CountDownLatch requestMayGo = new CountDownLatch(1);

		final CountDownLatch drained = new CountDownLatch(1);

		final CountDownLatch jobMayGo = new CountDownLatch(1);

		final List<ShutdownReport> reports = new CopyOnWriteArrayList<>();

		Visits(JobSpawner jobs) {
			this.jobs = jobs;
		}

		@GetMapping("/visit")
		@ReadOperation
		String visit() throws InterruptedException {
			this.requested.countDown();
			this.requestMayGo.await();
			return this.jobs.spawn("visit", (job) -> {
				while (!job.isStopping()) {
					Thread.onSpinWait();
				}
				this.drained.countDown();
				this.jobMayGo.await();
				return null;
			}).id();
		}

		@EventListener
		void on(ShutdownReport report) {
			this.reports.add(report);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = { ServletWebSecurityAutoConfiguration.class,
			ManagementWebSecurityAutoConfiguration.class, SecurityFilterAutoConfiguration.class })
	@Import(Visits.class)
	static class Application {

	}

}
