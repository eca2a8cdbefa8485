package io.backgroundjobs.process;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import io.backgroundjobs.process.work.Form;

/**
 * Some clients that post random jobs until the application lets nobody in. The same seed
 * makes the same jobs.
 */
final class Load {

	private static final int CLIENTS = 3;

	private static final int LONGEST = 1500;

	/** Each form as often as it is to be drawn. */
	private static final List<Form> FORMS = forms(Map.of(Form.PLAIN, 40, Form.SHIELDED, 10, Form.SHIELDED_DELAYED, 5,
			Form.DELAYED, 10, Form.RETRYING, 10, Form.STAGE, 9, Form.MONO, 8, Form.PARENT, 8));

	private final Map<String, Form> accepted = new ConcurrentHashMap<>();

	private final Queue<String> surprises = new ConcurrentLinkedQueue<>();

	private final List<Thread> clients = new ArrayList<>();

	private final ApplicationProcess application;

	/** How much shielded work may still be posted, in milliseconds. */
	private final AtomicLong shieldedWork;

	Load(ApplicationProcess application, long seed, long shieldedWork) {
		this.application = application;
		this.shieldedWork = new AtomicLong(shieldedWork);
		for (int i = 0; i < CLIENTS; i++) {
			Random random = new Random(seed * CLIENTS + i);
			this.clients.add(new Thread(() -> post(random), "client-" + i));
		}
	}

	private static List<Form> forms(Map<Form, Integer> weights) {
		List<Form> forms = new ArrayList<>();
		for (Form form : Form.values()) {
			for (int i = 0; i < weights.getOrDefault(form, 0); i++) {
				forms.add(form);
			}
		}
		return List.copyOf(forms);
	}

	Load start() {
		this.clients.forEach(Thread::start);
		return this;
	}

	void join() throws InterruptedException {
		for (Thread client : this.clients) {
			client.join(TimeUnit.SECONDS.toMillis(60));
		}
	}

	private void post(Random random) {
		boolean refused = false;
		while (!refused && this.application.isAlive()) {
			Form form = FORMS.get(random.nextInt(FORMS.size()));
			// Many short ones and some long ones.
			long millis = Math.round(Math.pow(LONGEST, random.nextDouble()));
			long pause = random.nextInt(LONGEST);
			long rest = random.nextInt(40);
			if (form.isShielded() && this.shieldedWork.addAndGet(-millis) < 0) {
				form = Form.PLAIN;
			}
			refused = !post(form, millis, pause);
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(rest));
		}
	}

	/**
	 * Post a job.
	 * @return whether the application is still there
	 */
	private boolean post(Form form, long millis, long pause) {
		try {
			HttpResponse<String> response = this.application.send(form, millis, "pause=" + pause);
			if (response.statusCode() == 202) {
				response.body().lines().forEach((id) -> this.accepted.put(id, form));
			}
			else if (response.statusCode() != 503) {
				this.surprises.add(response.statusCode() + ": " + response.body());
			}
			return true;
		}
		catch (ConnectException ex) {
			return false;
		}
		catch (IOException ex) {
			// A connection that the server closed while it was idle. Nothing was
			// promised.
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	/**
	 * Return the jobs that were answered with 202, with their forms.
	 */
	Map<String, Form> accepted() {
		return this.accepted;
	}

	/**
	 * Return answers that are neither 202 nor 503.
	 */
	Queue<String> surprises() {
		return this.surprises;
	}

}
