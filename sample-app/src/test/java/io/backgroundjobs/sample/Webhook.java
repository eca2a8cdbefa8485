package io.backgroundjobs.sample;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Another system that is told about photos.
 */
final class Webhook implements AutoCloseable {

	private static final int NO_CONTENT = 204;

	private final HttpServer server;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final BlockingQueue<Notification> received = new LinkedBlockingQueue<>();

	private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();

	private volatile @Nullable Gate gate;

	Webhook() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.setExecutor(this.threads);
		this.server.createContext("/photos", this::receive);
		this.server.start();
	}

	String url() {
		return "http://localhost:" + this.server.getAddress().getPort() + "/photos";
	}

	/**
	 * Answer the next notification with a status other than 204.
	 */
	void answerWith(int status) {
		this.answers.add(status);
	}

	/**
	 * Let the next notifications wait for their answer.
	 */
	void hold(Gate gate) {
		this.gate = gate;
	}

	Notification next() throws InterruptedException {
		Notification next = this.received.poll(30, TimeUnit.SECONDS);
		assertThat(next).as("the next notification").isNotNull();
		return next;
	}

	boolean hasNoMore() {
		return this.received.isEmpty();
	}

	private void receive(HttpExchange exchange) throws IOException {
		try (exchange) {
			String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
			Gate current = this.gate;
			this.received.add(new Notification(exchange.getRequestHeaders().getFirst("Idempotency-Key"), body,
					exchange.getRequestHeaders().getFirst("Content-Type")));
			if (current != null) {
				current.pass();
			}
			Integer status = this.answers.poll();
			exchange.sendResponseHeaders((status != null) ? status : NO_CONTENT, -1);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	/**
	 * What came in.
	 *
	 * @param key the header that tells it from others
	 * @param body the JSON
	 * @param type the content type
	 */
	record Notification(@Nullable String key, String body, @Nullable String type) {
	}

}
