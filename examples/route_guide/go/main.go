// Calls each method of routeguide.RouteGuide once with grpc-go, and prints what comes back.
package main

//go:generate sh -ec "protoc -I .. --plugin=protoc-gen-go=$(go tool -n protoc-gen-go) --plugin=protoc-gen-go-grpc=$(go tool -n protoc-gen-go-grpc) --go_out=. --go-grpc_out=. --go_opt=module=sluice.example/routeguide,Mroute_guide.proto=sluice.example/routeguide/pb --go-grpc_opt=module=sluice.example/routeguide,Mroute_guide.proto=sluice.example/routeguide/pb route_guide.proto"

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"sluice.example/routeguide/pb"
)

func point(latitude, longitude int32) *pb.Point {
	return &pb.Point{Latitude: latitude, Longitude: longitude}
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func main() {
	target := "127.0.0.1:50051"
	if len(os.Args) > 1 {
		target = os.Args[1]
	}
	connection := must(grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials())))
	defer connection.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	guide := pb.NewRouteGuideClient(connection)

	for _, at := range []*pb.Point{point(488583700, 22944810), point(1, 2)} {
		name := must(guide.GetFeature(ctx, at)).Name
		if name == "" {
			name = "nothing"
		}
		fmt.Println("here:", name)
	}

	europe := &pb.Rectangle{Lo: point(350000000, -100000000), Hi: point(600000000, 300000000)}
	features := must(guide.ListFeatures(ctx, europe))
	for {
		feature, err := features.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		fmt.Println("in Europe:", must(feature, err).Name)
	}

	route := must(guide.RecordRoute(ctx))
	for _, stop := range []*pb.Point{point(515054560, -753560), point(488583700, 22944810), point(418902100, 124922310)} {
		must(0, route.Send(stop))
	}
	summary := must(route.CloseAndRecv())
	fmt.Printf("route: %d points, %d places, %d km\n", summary.PointCount, summary.FeatureCount,
		(summary.Distance+500)/1000)

	chat := must(guide.RouteChat(ctx))
	must(0, chat.Send(&pb.RouteNote{Location: point(0, 3), Message: "first"}))
	for _, text := range []string{"second", "third"} {
		must(0, chat.Send(&pb.RouteNote{Location: point(0, 3), Message: text}))
		fmt.Printf("left here before %q: %s\n", text, must(chat.Recv()).Message)
	}
	must(0, chat.CloseSend())
}
