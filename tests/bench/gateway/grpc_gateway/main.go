// The same service behind grpc-gateway: main PORT BACKEND_PORT
package main

import (
	"context"
	"log"
	"net/http"
	"os"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"sluice.example/bench/shop/bench"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatalf("expected PORT BACKEND_PORT, got %d arguments", len(os.Args)-1)
	}
	// As the others do, without the fields that have their default.
	mux := runtime.NewServeMux(runtime.WithMarshalerOption(runtime.MIMEWildcard, &runtime.JSONPb{}))
	options := []grpc.DialOption{grpc.WithTransportCredentials(insecure.NewCredentials())}
	err := bench.RegisterShopHandlerFromEndpoint(context.Background(), mux, "127.0.0.1:"+os.Args[2], options)
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], mux))
}
