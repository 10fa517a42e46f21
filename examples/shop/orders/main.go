// Orders answers HTTP, and asks stock by gRPC before it takes an order.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"log"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	health "google.golang.org/grpc/health/grpc_health_v1"
)

type order struct {
	Item string `json:"item"`
}

type shop struct {
	mu     sync.Mutex
	orders []order
	stock  health.HealthClient
}

func (s *shop) list(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(s.orders); err != nil {
		log.Print(err)
	}
}

// The sidecar makes the connection mutual TLS: to this program it is plain.
func (s *shop) take(w http.ResponseWriter, r *http.Request) {
	var wanted order
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&wanted); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
	defer cancel()
	answer, err := s.stock.Check(ctx, &health.HealthCheckRequest{})
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	if answer.GetStatus() != health.HealthCheckResponse_SERVING {
		http.Error(w, "out of stock", http.StatusConflict)
		return
	}
	s.mu.Lock()
	s.orders = append(s.orders, wanted)
	s.mu.Unlock()
	w.WriteHeader(http.StatusCreated)
}

func main() {
	connection, err := grpc.NewClient(os.Getenv("STOCK"), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	s := &shop{orders: []order{}, stock: health.NewHealthClient(connection)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /orders", s.list)
	mux.HandleFunc("POST /orders", s.take)
	server := &http.Server{Addr: ":8080", Handler: mux, ReadHeaderTimeout: time.Minute}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	go func() {
		<-ctx.Done()
		if err := server.Shutdown(context.Background()); err != nil {
			log.Print(err)
		}
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
}
