// Client asks stock by gRPC, or sends messages over a WebSocket of live, through the edge.
//
//	client grpc stock.mesh.localhost:443
//	client websocket wss://live.mesh.localhost/feed 10s
//
// Ctrl-C ends the messages earlier. The environment has MESHDEV_CA, as `meshdev env` sets it, and TOKEN.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"time"

	"github.com/coder/websocket"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	health "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

func run(args []string) error {
	roots, err := rootsOf(os.Getenv("MESHDEV_CA"))
	if err != nil {
		return err
	}
	bearer := "Bearer " + os.Getenv("TOKEN")
	switch {
	case len(args) == 2 && args[0] == "grpc":
		return askStock(args[1], bearer, roots)
	case len(args) == 3 && args[0] == "websocket":
		duration, err := time.ParseDuration(args[2])
		if err != nil {
			return err
		}
		return feed(args[1], bearer, roots, duration)
	default:
		return errors.New("usage: client grpc HOST:PORT | client websocket URL DURATION")
	}
}

func rootsOf(file string) (*tls.Config, error) {
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s has no certificate", file)
	}
	return &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS13}, nil
}

// dial knows the addresses of *.localhost (RFC 6761), which not every resolver does.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if strings.HasSuffix(host, ".localhost") {
		host = "127.0.0.1"
	}
	var dialer net.Dialer
	return dialer.DialContext(ctx, network, net.JoinHostPort(host, port))
}

func askStock(address, bearer string, roots *tls.Config) error {
	connection, err := grpc.NewClient("passthrough:///"+address,
		grpc.WithTransportCredentials(credentials.NewTLS(roots)),
		grpc.WithContextDialer(func(ctx context.Context, address string) (net.Conn, error) {
			return dial(ctx, "tcp", address)
		}))
	if err != nil {
		return err
	}
	defer connection.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	ctx = metadata.AppendToOutgoingContext(ctx, "authorization", bearer)
	answer, err := health.NewHealthClient(connection).Check(ctx, &health.HealthCheckRequest{})
	if err != nil {
		return err
	}
	fmt.Println(answer.GetStatus())
	return nil
}

// feed sends a number ten times a second and wants it back.
func feed(url, bearer string, roots *tls.Config, duration time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), duration+10*time.Second)
	defer cancel()
	socket, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{
		HTTPClient: &http.Client{Transport: &http.Transport{TLSClientConfig: roots, DialContext: dial}},
		HTTPHeader: http.Header{"Authorization": {bearer}},
	})
	if err != nil {
		return err
	}
	defer socket.CloseNow()
	log.Print("open")
	stop, cancelStop := signal.NotifyContext(ctx, os.Interrupt)
	defer cancelStop()
	sent := 0
	for end := time.Now().Add(duration); time.Now().Before(end) && stop.Err() == nil; sent++ {
		if err := echo(ctx, socket, strconv.Itoa(sent)); err != nil {
			return fmt.Errorf("message %d: %w", sent, err)
		}
		time.Sleep(100 * time.Millisecond)
	}
	fmt.Println("messages", sent)
	return socket.Close(websocket.StatusNormalClosure, "")
}

func echo(ctx context.Context, socket *websocket.Conn, text string) error {
	if err := socket.Write(ctx, websocket.MessageText, []byte(text)); err != nil {
		return err
	}
	_, back, err := socket.Read(ctx)
	if err == nil && string(back) != text {
		err = fmt.Errorf("sent %s, received %s", text, back)
	}
	return err
}
